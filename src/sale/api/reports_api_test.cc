// What operators read: the report, the orders, the audit trail.
#include "sale/testing/api_test.h"

namespace doorbuster::sale {
namespace {

using testing::Answer;
using ::testing::HasSubstr;
using testing::kPs5;
using testing::Refuses;

class ReportsApi : public testing::ApiTest {
 protected:
  ReportsApi() { create(R"("units":2,"queue":"none","reason":"black friday")"); }

  // Once the views have heard all that is durable by now.
  Answer report(std::string_view what) {
    catch_up();
    return as_operator("GET", std::string(kPs5) + std::string(what));
  }
};

TEST_F(ReportsApi, count_what_happened) {
  wait(1);
  const Answer alice = reserve("alice");
  wait(2);
  const Answer bob = reserve("bob");
  as_customer("alice", "POST", hold_path(alice) + "/payment");
  provider_says(alice, "succeeded");
  as_customer("bob", "DELETE", hold_path(bob));
  const Answer answer = report("/report");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.text("sale/sold"), "1");
  EXPECT_EQ(answer.text("holds"), "2");
  EXPECT_EQ(answer.text("holds_released"), "1");
  EXPECT_EQ(answer.text("payments_started"), "1");
  EXPECT_EQ(answer.text("payments_succeeded"), "1");
  EXPECT_EQ(answer.text("seconds_to_all_held"), "3");
  EXPECT_EQ(answer.text("seconds_to_all_sold"), "null");
  EXPECT_EQ(answer.text("held_in_second"), "[0,1,0,1]");
  EXPECT_EQ(answer.text("sold_in_second"), "[0,0,0,1]");
  EXPECT_EQ(answer.number("conversion"), 0.5);
  EXPECT_EQ(answer.text("units_accounted_for"), "2");
  EXPECT_EQ(answer.text("invariants_hold"), "true");
}

TEST_F(ReportsApi, list_orders_by_pages) {
  for (const char* who : {"alice", "bob"}) as_customer(who, "POST", hold_path(reserve(who)) + "/payment");
  const Answer all = report("/orders");
  EXPECT_EQ(all.text("total"), "2");
  EXPECT_EQ(all.text("orders/0/state"), "paying");
  EXPECT_EQ(all.text("orders/0/customer").size(), 32U);
  EXPECT_EQ(all.text("orders/0/settled_at"), "null");
  const Answer second = report("/orders?offset=1&limit=1");
  EXPECT_EQ(second.text("orders/0/id"), all.text("orders/1/id"));
  EXPECT_EQ(second.text("orders/1"), "absent");
  EXPECT_EQ(report("/orders?offset=2").text("orders"), "[]");
  for (const char* query : {"limit=1001", "limit=-1", "limit=", "offset=x", "offset=1e3", "offset=99999999999"})
    EXPECT_THAT(report("/orders?" + std::string(query)), Refuses(400, "invalid-request")) << query;
}

TEST_F(ReportsApi, name_the_payment_that_has_to_go_back) {
  const Answer held = reserve("alice");
  as_customer("alice", "POST", hold_path(held) + "/payment");
  wait(420);
  as_customer("alice", "GET", hold_path(held));
  provider_says(held, "succeeded", 1, "pay-77");
  const Answer due = report("/orders");
  EXPECT_EQ(due.text("orders/0/state"), "expired");
  EXPECT_EQ(due.text("orders/0/refund"), "due");
  EXPECT_EQ(due.text("orders/0/reference"), "pay-77");
}

TEST_F(ReportsApi, tell_who_did_what_and_why) {
  as_operator("PATCH", kPs5,
              R"({"units":3,"title":"PS5 'Pro'","closes_at":"2026-11-28T10:00:00Z","reason":"more came"})");
  const Answer held = reserve("alice");
  as_operator("DELETE", hold_path(held), R"({"reason":"a bot"})");
  as_customer("bob", "DELETE", hold_path(reserve("bob")));  // what customers do is counted, not listed
  as_operator("POST", std::string(kPs5) + "/close");
  const Answer audit = report("/audit");
  EXPECT_EQ(audit.text("lines/0/action"), "created");
  EXPECT_EQ(audit.text("lines/0/detail"), "2 units of 'PS5'");
  EXPECT_EQ(audit.text("lines/0/reason"), "black friday");
  EXPECT_THAT(server_.operator_key(), HasSubstr(audit.text("lines/0/actor")));
  EXPECT_EQ(audit.text("lines/1/action"), "open");
  EXPECT_EQ(audit.text("lines/1/actor"), "null");
  EXPECT_EQ(audit.text("lines/2/action"), "changed");
  EXPECT_EQ(audit.text("lines/2/detail"),
            "title 'PS5' -> 'PS5 'Pro'', units 2 -> 3, closes_at null -> 2026-11-28T10:00:00.000Z");
  EXPECT_EQ(audit.text("lines/2/reason"), "more came");
  EXPECT_EQ(audit.text("lines/3/action"), "hold released");
  EXPECT_EQ(audit.text("lines/3/hold"), held.text("id"));
  EXPECT_EQ(audit.text("lines/3/entry"), "null");
  EXPECT_EQ(audit.text("lines/3/reason"), "a bot");
  EXPECT_EQ(audit.text("lines/4/action"), "closed");
  EXPECT_EQ(audit.text("lines/5"), "absent");
}

TEST_F(ReportsApi, list_the_audit_trail_by_pages) {
  const std::string reason(500, '"');
  std::string escaped;
  for (size_t i = 0; i < reason.size(); ++i) escaped += "\\\"";
  for (int i = 0; i < 120; ++i)
    as_operator("PATCH", kPs5, R"({"units":)" + std::to_string(10 + i) + R"(,"reason":")" + escaped + "\"}");
  const Answer first = report("/audit");
  EXPECT_EQ(first.text("total"), "122") << "made, opened, and changed";
  EXPECT_EQ(first.text("offset"), "0");
  EXPECT_EQ(first.text("lines/99/action"), "changed");
  EXPECT_EQ(first.text("lines/100"), "absent");
  const Answer last = report("/audit?offset=121&limit=5");
  EXPECT_EQ(last.text("lines/0/detail"), "units 128 -> 129");
  EXPECT_EQ(last.text("lines/0/reason"), reason);
  EXPECT_EQ(last.text("lines/1"), "absent");
  EXPECT_EQ(report("/audit?offset=122").text("lines"), "[]");
  EXPECT_THAT(report("/audit?limit=1001"), Refuses(400, "invalid-request"));
}

TEST_F(ReportsApi, are_for_operators) {
  for (const char* what : {"/report", "/orders", "/audit", "/orders.csv", "/audit.csv", "/flow"}) {
    const std::string path = std::string(kPs5) + what;
    EXPECT_THAT(ask("GET", path), Refuses(401, "operator-key-needed"));
    EXPECT_THAT(as_customer("alice", "GET", path), Refuses(401, "operator-key-needed"));
    EXPECT_THAT(as_operator("GET", "/api/v1/sales/none" + std::string(what)), Refuses(404, "sale-not-found"));
  }
}

TEST_F(ReportsApi, say_the_same_after_they_were_built_anew) {
  const Answer alice = reserve("alice");
  as_customer("alice", "POST", hold_path(alice) + "/payment");
  provider_says(alice, "succeeded");
  reserve("bob");
  as_operator("PATCH", kPs5, R"({"units":4})");
  const std::string before = report("/report").body + report("/orders").body + report("/audit").body;
  server_.crash_and_restart();
  EXPECT_EQ(report("/report").body + report("/orders").body + report("/audit").body, before);
}

}  // namespace
}  // namespace doorbuster::sale
