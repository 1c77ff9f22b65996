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
  // Once the views have heard all that is durable by now.
  Answer operators(const std::string& what) {
    catch_up();
    return as_operator("GET", std::string(kPs5) + what);
  }
  Answer flow() { return operators("/flow"); }

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

TEST_F(BoardApi, tells_everything_of_a_running_sale_at_once) {
  create(R"("units":2,"queue":"fifo","outflow_per_minute":6000)");
  for (const char* who : {"alice", "bob", "carol"}) join(who);
  wait(1);
  const Answer held = reserve("alice");
  as_customer("alice", "POST", hold_path(held) + "/payment");
  provider_says(held, "succeeded");
  EXPECT_THAT(reserve("carol"), Refuses(409, "not-your-turn"));
  EXPECT_THAT(reserve("carol"), Refuses(409, "not-your-turn"));
  EXPECT_THAT(reserve("alice"), Refuses(409, "one-per-customer"));
  const Answer board = operators("/board");
  EXPECT_EQ(board.status, 200);
  EXPECT_EQ(board.text("sale/sold"), "1");
  EXPECT_EQ(board.text("sale/outflow_per_minute"), "6000");
  EXPECT_EQ(board.text("opened_at"), "2026-11-27T10:00:00.000Z");
  EXPECT_EQ(board.text("joined"), "3");
  EXPECT_EQ(board.text("offers"), "2");
  EXPECT_EQ(board.text("offers_in_last_minute"), "2");
  EXPECT_EQ(board.text("holds_in_last_minute"), "1");
  EXPECT_EQ(board.text("conversion"), "1");
  EXPECT_EQ(board.text("refusals"), R"([{"type":"one-per-customer","count":1},{"type":"not-your-turn","count":2}])");
  EXPECT_EQ(board.text("fairness/offers_in_order"), "true");
  EXPECT_EQ(board.number("fairness/kendall_tau"), 1);
  EXPECT_EQ(board.text("fairness/cohorts"), "null") << "no guard stands here";
  EXPECT_EQ(board.text("requests"), "null") << "nobody measures in this test";
  server_.clock().advance(Duration::seconds(120));
  EXPECT_EQ(operators("/board").text("offers_in_last_minute"), "0");
}

TEST_F(BoardApi, counts_refusals_that_no_cell_decides) {
  create(R"("units":1,"queue":"none")");
  reserve("alice");
  for (const char* who : {"bob", "carol", "dave"}) reserve(who);
  EXPECT_EQ(operators("/board").text("refusals"), R"([{"type":"sold-out","count":3}])");
}

TEST_F(BoardApi, lists_the_line_by_position_and_by_customer) {
  create(R"("units":1,"queue":"fifo")");
  std::vector<Answer> joined;
  for (const char* who : {"alice", "bob", "carol"}) joined.push_back(join(who));
  as_operator("DELETE", entry_path(joined[1]), R"({"reason":"a bot"})");
  const Answer all = operators("/queue");
  EXPECT_EQ(all.text("total"), "3");
  EXPECT_EQ(all.text("by"), "position");
  const char* states[] = {"offered", "removed", "waiting"};
  for (size_t i = 0; i < 3; ++i) {
    const std::string entry = "entries/" + std::to_string(i);
    EXPECT_EQ(all.text(entry + "/id"), joined[i].text("id"));
    EXPECT_EQ(all.text(entry + "/position"), std::to_string(i + 1));
    EXPECT_EQ(all.text(entry + "/state"), states[i]);
  }
  const Answer page = operators("/queue?from=2&limit=1");
  EXPECT_EQ(page.text("entries/0/id"), joined[1].text("id"));
  EXPECT_EQ(page.text("entries/1"), "absent");
  EXPECT_EQ(operators("/queue?from=4").text("entries"), "[]");
  const Answer carol = operators("/queue?customer=carol");
  EXPECT_EQ(carol.text("entries/0/id"), joined[2].text("id"));
  EXPECT_EQ(carol.text("entries/1"), "absent");
  EXPECT_EQ(operators("/queue?customer=" + carol.text("entries/0/customer")).body, carol.body);
  EXPECT_EQ(operators("/queue?customer=nobody").text("entries"), "[]");
  for (const char* query : {"?from=x", "?limit=1001", "?customer=", "?customer=%zz"})
    EXPECT_THAT(operators(std::string("/queue") + query), Refuses(400, "invalid-request")) << query;
}

TEST_F(BoardApi, lists_the_line_by_arrival_until_it_is_drawn) {
  create(R"("units":1,"queue":"draw","prequeue_opens_at":"2026-11-27T10:00:00Z")", "2026-11-27T10:01:00Z");
  for (int i = 0; i < 9; ++i) join("c" + std::to_string(i));
  const Answer before = operators("/queue");
  EXPECT_EQ(before.text("by"), "arrival");
  EXPECT_EQ(before.text("entries/8/arrival"), "9");
  EXPECT_EQ(before.text("entries/8/position"), "null");
  wait(60);
  const Answer late = join("late");
  const Answer after = operators("/queue");
  EXPECT_EQ(after.text("by"), "position");
  EXPECT_EQ(after.text("entries/0/state"), "offered");
  for (int i = 0; i < 10; ++i) {
    const std::string entry = "entries/" + std::to_string(i);
    const Answer shown = as_operator("GET", std::string(kPs5) + "/queue/" + after.text(entry + "/id"));
    EXPECT_EQ(after.text(entry + "/position"), std::to_string(i + 1));
    EXPECT_EQ(shown.text("position"), std::to_string(i + 1));
    EXPECT_EQ(shown.text("state"), after.text(entry + "/state"));
  }
  EXPECT_EQ(after.text("entries/9/id"), late.text("id"));
}

TEST_F(BoardApi, is_for_operators) {
  create(R"("units":1)");
  for (const char* what : {"/flow", "/board", "/queue"}) {
    const std::string path = std::string(kPs5) + what;
    EXPECT_THAT(ask("GET", path), Refuses(401, "operator-key-needed"));
    EXPECT_THAT(as_customer("alice", "GET", path), Refuses(401, "operator-key-needed"));
    EXPECT_THAT(as_operator("GET", "/api/v1/sales/none" + std::string(what)), Refuses(404, "sale-not-found"));
  }
}

}  // namespace
}  // namespace doorbuster::sale
