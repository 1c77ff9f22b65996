#include "links/views/channel_results.h"

#include <gtest/gtest.h>

#include <set>

#include "platform/views/memory_store.h"

namespace doorbuster::links {
namespace {

constexpr Timestamp kMorning = Timestamp::from_micros(1'795'773'600'000'000);  // 2026-11-27T10:00:00Z

class ChannelResultsTest : public ::testing::Test {
 protected:
  void make(const std::string& code, const std::string& sale) {
    channels_.emplace(sale, code);
    if (!sale.empty()) results_.open(sale, kMorning);
  }
  void hear(std::string type, const std::string& metadata, const std::string& sale = "ps5", Timestamp at = kMorning) {
    results_.hear(
        {.sequence = ++events_,
         .key = {},
         .id = {},
         .resource = "/api/v1/sales/" + sale,
         .type = std::move(type),
         .at = at,
         .json = R"({"sale":")" + sale + R"(","entry":"e1","client_reference":null,"metadata":)" + metadata + "}"});
  }
  ChannelResult of(std::string_view sale, std::string_view channel) {
    const SaleResults* found = results_.of(sale);
    if (found == nullptr) return {};
    const auto result = found->by_channel.find(channel);
    return result == found->by_channel.end() ? ChannelResult() : result->second;
  }

  [[nodiscard]] ChannelResults::IsChannel is_channel() const {
    return [this](std::string_view sale, const std::string& code) {
      return channels_.contains({std::string(sale), code});
    };
  }

  std::set<std::pair<std::string, std::string>> channels_;  // sale and code
  ChannelResults results_{is_channel()};
  uint64_t events_ = 0;
};

TEST_F(ChannelResultsTest, count_what_came_of_each_channel) {
  make("mail", "ps5");
  make("video", "ps5");
  hear("entry.created", R"({"channel":"mail"})");
  hear("entry.created", R"({"seat":"A1","channel":"mail"})");
  hear("entry.placed", R"({"channel":"mail"})");
  hear("hold.created", R"({"channel":"mail"})");
  hear("order.created", R"({"channel":"mail"})");
  hear("order.paid", R"({"channel":"mail"})");
  hear("entry.created", R"({"channel":"video"})");
  hear("entry.created", "null");
  hear("entry.created", R"({"seat":"channel"})");
  EXPECT_EQ(of("ps5", "mail"), (ChannelResult{.joins = 2, .holds = 1, .units = 1}));
  EXPECT_EQ(of("ps5", "video"), (ChannelResult{.joins = 1}));
  EXPECT_EQ(results_.of("ps5")->others, (ChannelResult{.joins = 2}));
}

TEST_F(ChannelResultsTest, believe_no_word_that_is_not_a_channel_of_that_sale) {
  make("mail", "ps5");
  make("tickets", "concert");
  make("plain", "");
  for (const char* word : {R"({"channel":"nobodys"})", R"({"channel":"tickets"})", R"({"channel":"plain"})",
                           R"({"channel":""})", R"({"channel":"Mail"})"}) {
    hear("order.paid", word);
  }
  EXPECT_EQ(results_.of("ps5")->others.units, 5U);
  EXPECT_TRUE(results_.of("ps5")->by_channel.empty()) << "what people make up fills no memory";
  hear("order.paid", R"({"channel":"mail"})", "without-channels");
  EXPECT_EQ(results_.of("without-channels"), nullptr);
}

TEST_F(ChannelResultsTest, listen_from_the_first_channel_of_a_sale_on) {
  EXPECT_FALSE(results_.listens());
  results_.open("ps5", kMorning);
  EXPECT_TRUE(results_.listens());
  make("mail", "ps5");
  hear("entry.created", "null", "ps5", Timestamp::from_micros(kMorning.micros() - 1));
  hear("entry.created", "null");
  EXPECT_EQ(results_.of("ps5")->others.joins, 1U) << "what came before it could not be known in full";
  results_.open("ps5", kMorning + Duration::seconds(60));
  EXPECT_EQ(results_.of("ps5")->since, kMorning);
}

TEST_F(ChannelResultsTest, are_the_same_after_they_were_saved) {
  make("mail", "ps5");
  for (int i = 0; i < 5; ++i) hear("order.paid", R"({"channel":"mail"})");
  hear("hold.created", "null");
  platform::MemoryStore states;
  const auto out = states.write("channels").value();
  ASSERT_TRUE(results_.save(*out).has_value());
  ASSERT_TRUE(out->commit().has_value());
  ChannelResults loaded(is_channel());
  loaded.open("ps5", kMorning);
  ASSERT_TRUE(loaded.load(*states.read("channels").value()).has_value());
  EXPECT_TRUE(loaded.listens());
  EXPECT_EQ(loaded.of("ps5")->by_channel, results_.of("ps5")->by_channel);
  EXPECT_EQ(loaded.of("ps5")->others, results_.of("ps5")->others);
  EXPECT_EQ(loaded.of("ps5")->since, kMorning);
  loaded.clear();
  EXPECT_EQ(loaded.of("ps5")->others, ChannelResult());
  EXPECT_TRUE(loaded.listens()) << "the channels are still there";
}

}  // namespace
}  // namespace doorbuster::links
