// A safety net in front of a site, through HTTP.
#include "sale/testing/api_test.h"

namespace doorbuster::sale {
namespace {

using testing::Answer;
using ::testing::HasSubstr;
using testing::kPs5;
using testing::Refuses;

class PassApi : public testing::ApiTest {};

TEST_F(PassApi, lets_a_visitor_in_and_the_next_when_the_visit_is_over) {
  EXPECT_EQ(create(R"("queue":"pass","units":1,"hold_seconds":30)").text("queue"), "pass");
  const Answer first = join("alice");
  EXPECT_EQ(ask("GET", entry_path(first), {server_.customer("alice")}).text("state"), "offered");
  EXPECT_EQ(reserve("alice").text("state"), "held");
  const Answer second = join("bob");
  EXPECT_EQ(second.text("state"), "waiting");
  wait(30);
  EXPECT_EQ(as_customer("bob", "GET", entry_path(second)).text("state"), "offered");
  EXPECT_EQ(as_customer("alice", "GET", entry_path(first)).text("state"), "lapsed");
  wait(150);
  EXPECT_THAT(as_customer("alice", "GET", entry_path(first)), Refuses(404, "not-found"));
  EXPECT_EQ(join("alice").status, 202);
}

TEST_F(PassApi, takes_no_payment) {
  create(R"("queue":"pass","units":1)");
  join("alice");
  const Answer paid = as_customer("alice", "POST", hold_path(reserve("alice")) + "/payment");
  EXPECT_THAT(paid, Refuses(409, "nothing-to-pay"));
  EXPECT_THAT(paid.text("detail"), HasSubstr("This hold is a visit"));
}

TEST_F(PassApi, says_what_a_safety_net_can_not_have) {
  const Answer priced = create(R"("queue":"pass","units":1,"price":{"amount":1,"currency":"EUR"})");
  EXPECT_THAT(priced, Refuses(400, "invalid-request"));
  EXPECT_THAT(priced.text("detail"), HasSubstr("leave price out"));
  EXPECT_THAT(create(R"("queue":"pass","units":1,"per_customer":2)").text("detail"),
              HasSubstr("per_customer has to be 1"));
  create(R"("queue":"pass","units":1)");
  EXPECT_THAT(as_operator("PATCH", kPs5, R"({"price":{"amount":1,"currency":"EUR"}})"),
              Refuses(400, "invalid-request"));
  EXPECT_EQ(as_operator("PATCH", kPs5, R"({"units":500})").text("available"), "500");
}

TEST_F(PassApi, reports_visits_and_no_sales) {
  create(R"("queue":"pass","units":1)");
  join("alice");
  reserve("alice");
  catch_up();
  const Answer report = as_operator("GET", std::string(kPs5) + "/report");
  EXPECT_EQ(report.text("holds"), "1");
  EXPECT_EQ(report.text("conversion"), "null");
  EXPECT_EQ(report.text("seconds_to_all_held"), "null");
}

}  // namespace
}  // namespace doorbuster::sale
