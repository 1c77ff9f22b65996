// What an operator watches while a sale runs.
#include <random>

#include "sale/testing/api_test.h"

namespace doorbuster::sale {
namespace {

using testing::Answer;
using testing::kPs5;
using testing::Refuses;

class BoardApi : public testing::ApiTest {
 protected:
  Answer flow() {
    catch_up();
    return as_operator("GET", std::string(kPs5) + "/flow");
  }

  // The last value of a column.
  static std::string last(const Answer& flow, const std::string& column) {
    const std::string list = flow.text(column);
    const size_t begin = list.find_last_of("[,") + 1;
    return list.substr(begin, list.size() - 1 - begin);
  }

  // Somebody does something, and time passes.
  void one_step(std::mt19937& chance) {
    const std::string who = "c" + std::to_string(chance() % 12);
    switch (chance() % 8) {
      case 0:
      case 1:
        entries_[who] = join(who);
        break;
      case 2:
        if (entries_.contains(who)) as_customer(who, "DELETE", entry_path(entries_[who]));
        break;
      case 3:
        wait(static_cast<int64_t>(chance() % 40));
        break;
      case 4:
        if (holds_.contains(who)) as_customer(who, "DELETE", hold_path(holds_[who]));
        break;
      case 5:
        if (holds_.contains(who)) as_customer(who, "POST", hold_path(holds_[who]) + "/payment");
        break;
      case 6:
        if (holds_.contains(who)) provider_says(holds_[who], chance() % 2 == 0 ? "succeeded" : "failed");
        break;
      default:
        if (Answer held = reserve(who); held.status == 201) holds_[who] = held;
    }
  }

  std::map<std::string, Answer> entries_;
  std::map<std::string, Answer> holds_;
};

TEST_F(BoardApi, tells_the_counts_over_time_by_columns) {
  create(R"("units":2,"queue":"none")");
  wait(1);
  const Answer alice = reserve("alice");
  wait(2);
  as_customer("alice", "POST", hold_path(alice) + "/payment");
  provider_says(alice, "succeeded");
  const Answer answer = flow();
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.text("sale"), "ps5");
  EXPECT_EQ(answer.text("begins_at"), "2026-11-27T10:00:00.000Z");
  EXPECT_EQ(answer.text("opened_at"), "2026-11-27T10:00:00.000Z");
  EXPECT_EQ(answer.text("stretch_seconds"), "1");
  EXPECT_EQ(answer.text("seconds"), "[0,1,3]");
  EXPECT_EQ(answer.text("available"), "[2,1,1]");
  EXPECT_EQ(answer.text("held"), "[0,1,0]");
  EXPECT_EQ(answer.text("sold"), "[0,0,1]");
  EXPECT_EQ(answer.text("holds"), "[0,1,1]");
}

TEST_F(BoardApi, ends_at_the_counts_of_the_sale_whatever_has_happened) {
  create(R"("units":3,"queue":"fifo","claim_seconds":30,"hold_seconds":60,"payment_grace_seconds":20)");
  std::mt19937 chance(20'261'127);
  for (int step = 0; step < 400; ++step) {
    one_step(chance);
    if (step % 40 != 0) continue;
    const Answer now = flow();
    const Answer sale = ask("GET", kPs5);
    for (const char* count : {"available", "waiting", "offered", "held", "paying", "sold"})
      ASSERT_EQ(last(now, count), sale.text(count)) << count << " after step " << step;
  }
  const Answer end = flow();
  for (const char* count : {"joined", "left", "offers", "lapsed", "holds", "released", "expired"})
    EXPECT_NE(last(end, count), "0") << count;
  server_.crash_and_restart();
  EXPECT_EQ(flow().body, end.body);
}

TEST_F(BoardApi, is_for_operators) {
  create(R"("units":1)");
  const std::string path = std::string(kPs5) + "/flow";
  EXPECT_THAT(ask("GET", path), Refuses(401, "operator-key-needed"));
  EXPECT_THAT(as_customer("alice", "GET", path), Refuses(401, "operator-key-needed"));
  EXPECT_THAT(as_operator("GET", "/api/v1/sales/none/flow"), Refuses(404, "sale-not-found"));
}

}  // namespace
}  // namespace doorbuster::sale
