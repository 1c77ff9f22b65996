// What the service of links tells the outside, over real sockets and with a follower.
#include <gmock/gmock.h>

#include "links/service_fixture.h"

namespace doorbuster::links {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class LinkWebhooksTest : public LinksServiceTest {
 protected:
  using Deliveries = std::vector<std::shared_ptr<const platform::Delivery>>;

  platform::DeliverySource& source() { return *service_->deliveries().at(0); }
  Deliveries told_behind(uint64_t after) {
    Deliveries told;
    (void)source().read(after, [&](const auto& delivery) {
      told.push_back(delivery);
      return true;
    });
    return told;
  }
  // Once there are so many.
  Deliveries told(size_t count) {
    Deliveries told;
    for (int i = 0; i < 5'000 && told.size() < count; ++i) {
      if (i > 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
      told = told_behind(0);
    }
    return told;
  }
  static std::vector<std::string> types_of(const Deliveries& deliveries) {
    std::vector<std::string> types;
    for (const auto& delivery : deliveries) types.push_back(delivery->type);
    return types;
  }
  void restart() {
    stop();
    start();
  }
};

TEST_F(LinkWebhooksTest, tell_what_is_done_to_a_link_and_the_same_again) {
  create(R"("custom_alias":"mail","password":"x")");
  as_operator("PATCH /api/v1/urls/mail", R"({"title":"Letter"})");
  as_operator("DELETE /api/v1/urls/mail");
  create(R"("custom_alias":"mail2")", "no");  // refused
  const Deliveries all = told(3);
  EXPECT_THAT(types_of(all), ElementsAre("link.created", "link.changed", "link.deleted"));
  EXPECT_THAT(all[0]->json,
              AllOf(StartsWith(R"({"link":{"short_url":"https://go.example/mail")"), Not(HasSubstr("argon"))));
  EXPECT_THAT(all[1]->json, HasSubstr(R"("title":"Letter")"));
  for (const auto& one : all) {
    EXPECT_EQ(one->key, "mail");
    EXPECT_EQ(one->resource, "/api/v1/urls/mail");
    EXPECT_EQ(one->at, clock_.now());
  }
  restart();
  const Deliveries again = told(3);
  ASSERT_EQ(again.size(), 3U);
  for (size_t i = 0; i < all.size(); ++i) {
    EXPECT_EQ(again[i]->id, all[i]->id);
    EXPECT_EQ(again[i]->json, all[i]->json);
  }
  EXPECT_EQ(source().tail_at_start(), 3U);
  EXPECT_EQ(source().newest(), 3U);
  EXPECT_EQ(told_behind(2).size(), 1U);
}

TEST_F(LinkWebhooksTest, tell_of_a_link_that_is_used_up_and_of_one_that_expires) {
  create(R"("custom_alias":"twice","max_visits":2)");
  create(R"("custom_alias":"brief","expiration_date":"2026-11-27T11:00:00Z")");
  for (int i = 0; i < 3; ++i) visit("twice");
  clock_.pass(Duration::seconds(3'601));
  const Deliveries all = told(4);
  ASSERT_EQ(all.size(), 4U);
  const auto of_type = [&](std::string_view type) {
    return *std::ranges::find_if(all, [&](const auto& one) { return one->type == type; });
  };
  EXPECT_EQ(of_type("link.used_up")->json,
            R"({"short_url":"https://go.example/twice","short_code":"twice","domain":null,"max_visits":2})");
  EXPECT_EQ(of_type("link.expired")->key, "brief");
  EXPECT_THAT(of_type("link.expired")->json, HasSubstr(R"("expires_at":"2026-11-27T11:00:00.000Z")"));
}

TEST_F(LinkWebhooksTest, tell_of_take_downs_once_also_when_the_log_is_heard_again) {
  create(R"("custom_alias":"mail")");
  as_operator("POST /api/v1/abuse/take-downs", R"({"short_code":"mail","reason":"Malware"})");
  as_operator("POST /api/v1/abuse/take-downs", R"({"domain":"bad.example","reason":"Malware","notice":"By law"})");
  as_operator("DELETE /api/v1/abuse/take-downs/2");
  const Deliveries all = told(4);
  EXPECT_THAT(types_of(all),
              ElementsAre("link.created", "link.taken_down", "link_domain.taken_down", "link_domain.restored"));
  EXPECT_THAT(all[1]->json, StartsWith(R"({"short_url":"https://go.example/mail","short_code":"mail","domain":null,)"));
  EXPECT_THAT(all[2]->json, StartsWith(R"({"target_domain":"bad.example","take_down":2,"reason":"Malware",)"));
  EXPECT_EQ(all[3]->json, R"({"target_domain":"bad.example","take_down":2})");
  stop();
  (void)views_.set_aside("links");  // so that all is heard again
  start();
  counted("mail", "total_clicks");  // it is
  EXPECT_EQ(told(4).size(), 4U);
}

TEST_F(LinkWebhooksTest, tell_who_listens_that_there_is_more) {
  std::atomic<int> heard = 0;
  source().on_more([&] { ++heard; });
  create("");
  for (int i = 0; i < 5'000 && heard == 0; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  EXPECT_GE(heard, 1);
  source().on_more({});
  const int before = heard;
  create("");
  EXPECT_EQ(heard, before);
}

TEST_F(LinkWebhooksTest, find_the_place_where_a_time_begins) {
  create("");
  clock_.pass(Duration::seconds(60));
  const Timestamp from = clock_.now();
  create("");
  create("");
  told(3);
  EXPECT_EQ(source().last_before(from), 1U);
  EXPECT_EQ(source().last_before(from + Duration::seconds(1)), 3U);
  EXPECT_EQ(source().last_before(from - Duration::seconds(3'600)), 0U);
}

TEST_F(LinkWebhooksTest, tell_nothing_where_nothing_is_kept) {
  settings_.events_kept = 0;
  restart();
  create(R"("custom_alias":"mail")");
  as_operator("POST /api/v1/abuse/take-downs", R"({"short_code":"mail","reason":"Malware"})");
  counted("mail", "total_clicks");
  EXPECT_EQ(told_behind(0).size(), 0U);
  settings_.events_kept = 100;
  restart();
  create("");
  EXPECT_THAT(types_of(told(1)), ElementsAre("link.created")) << "and not what was decided before";
}

}  // namespace
}  // namespace doorbuster::links
