// Holds over HTTP: reserving, looking, giving back.
#include "sale/testing/api_test.h"

namespace doorbuster::sale {
namespace {

using testing::Answer;
using ::testing::HasSubstr;
using testing::kPs5;
using testing::Refuses;

class HoldsApi : public testing::ApiTest {
 protected:
  HoldsApi() { create(R"("units":2,"queue":"none","price":{"amount":100,"currency":"EUR"})"); }
};

TEST_F(HoldsApi, gives_a_unit_until_a_moment) {
  const Answer held = reserve("alice");
  EXPECT_EQ(held.status, 201);
  EXPECT_EQ(held.header("location"), hold_path(held));
  EXPECT_EQ(held.header("cache-control"), "no-store");
  EXPECT_EQ(held.text("sale"), "ps5");
  EXPECT_EQ(held.text("state"), "held");
  EXPECT_EQ(held.text("expires_at"), "2026-11-27T10:05:00.000Z");
  EXPECT_EQ(held.text("price/amount"), "100");
  EXPECT_EQ(held.text("order"), "null");
  const Answer shown = as_customer("alice", "GET", hold_path(held));
  EXPECT_EQ(shown.status, 200);
  EXPECT_EQ(shown.body, held.body);
  EXPECT_EQ(as_customer("alice", "HEAD", hold_path(held)).status, 200);
}

TEST_F(HoldsApi, names_what_the_customer_has_when_that_is_all_they_may) {
  const Answer held = reserve("alice");
  const Answer more = reserve("alice");
  EXPECT_THAT(more, Refuses(409, "one-per-customer"));
  EXPECT_EQ(more.text("hold"), hold_path(held));
}

TEST_F(HoldsApi, says_how_many_units_may_come_back_when_all_are_taken) {
  reserve("alice");
  reserve("bob");
  const Answer refused = reserve("carol");
  EXPECT_THAT(refused, Refuses(409, "sold-out"));
  EXPECT_EQ(refused.text("units_on_hold"), "2");
  EXPECT_EQ(refused.text("instance"), std::string(kPs5) + "/holds");
  EXPECT_EQ(ask("GET", kPs5).text("held"), "2");
  EXPECT_NE(ask("GET", kPs5).text("all_held_at"), "null");
}

TEST_F(HoldsApi, gives_the_same_answer_to_the_same_request) {
  const testing::Fields keyed = {server_.customer("alice"), "Idempotency-Key: 7b1c"};
  const std::string path = std::string(kPs5) + "/holds";
  const Answer first = ask("POST", path, keyed);
  const Answer again = ask("POST", path, keyed);
  EXPECT_EQ(again.status, 201);
  EXPECT_EQ(again.body, first.body);
  EXPECT_THAT(ask("POST", path, keyed, "{}"), Refuses(422, "idempotency-key-reused"));
  // Another customer's key of the same name is another key.
  EXPECT_EQ(ask("POST", path, {server_.customer("bob"), "Idempotency-Key: 7b1c"}).status, 201);
  server_.crash_and_restart();
  EXPECT_EQ(ask("POST", path, keyed).body, first.body);
}

TEST_F(HoldsApi, takes_an_empty_object_and_nothing_else_for_a_body) {
  const std::string path = std::string(kPs5) + "/holds";
  const Answer unknown = ask("POST", path, {server_.customer("alice")}, R"({"quantity":2})");
  EXPECT_THAT(unknown, Refuses(400, "invalid-request"));
  EXPECT_THAT(unknown.text("detail"), HasSubstr("/quantity"));
  EXPECT_THAT(ask("POST", path, {server_.customer("alice")}, "[]"), Refuses(400, "invalid-request"));
  EXPECT_EQ(ask("POST", path, {server_.customer("alice")}, " {} ").status, 201);
}

TEST_F(HoldsApi, takes_a_unit_back_once) {
  const Answer held = reserve("alice");
  const Answer released = as_customer("alice", "DELETE", hold_path(held));
  EXPECT_EQ(released.status, 200);
  EXPECT_EQ(released.text("state"), "released");
  EXPECT_EQ(as_customer("alice", "DELETE", hold_path(held)).text("state"), "released");
  EXPECT_THAT(as_customer("alice", "GET", hold_path(held)), Refuses(410, "hold-released"));
  EXPECT_EQ(ask("GET", kPs5).text("available"), "2");
  EXPECT_EQ(reserve("alice").status, 201);
}

TEST_F(HoldsApi, frees_a_unit_when_its_time_is_up) {
  const Answer held = reserve("alice");
  wait(300);
  EXPECT_THAT(as_customer("alice", "GET", hold_path(held)), Refuses(410, "hold-expired"));
  EXPECT_THAT(as_customer("alice", "DELETE", hold_path(held)), Refuses(410, "hold-expired"));
  EXPECT_THAT(as_customer("alice", "POST", hold_path(held) + "/payment"), Refuses(410, "hold-expired"));
  EXPECT_EQ(ask("GET", kPs5).text("available"), "2");
}

TEST_F(HoldsApi, shows_a_hold_to_nobody_else) {
  const std::string path = hold_path(reserve("alice"));
  for (const char* method : {"GET", "DELETE"}) EXPECT_THAT(as_customer("bob", method, path), Refuses(404, "not-found"));
  EXPECT_THAT(as_customer("bob", "POST", path + "/payment"), Refuses(404, "not-found"));
  EXPECT_THAT(ask("GET", path), Refuses(401, "token-needed"));
  EXPECT_EQ(as_operator("GET", path).text("state"), "held");
}

TEST_F(HoldsApi, knows_no_id_that_it_did_not_give) {
  const Answer held = reserve("alice");
  std::string changed = held.text("id");
  changed.back() = changed.back() == '0' ? '1' : '0';
  // A hold that will exist, of a sale that does not.
  const auto of_no_sale = server_.service().context().ids.seal({auth::IdKind::kHold, 7, 0});
  const auto not_yet = server_.service().context().ids.seal({auth::IdKind::kHold, 0, 1});
  const auto other_kind = server_.service().context().ids.seal({auth::IdKind::kEntry, 0, 0});
  for (const std::string& id : {changed, std::string("1"), std::string(500, 'a'), std::string(auth::view(of_no_sale)),
                                std::string(auth::view(not_yet)), std::string(auth::view(other_kind))})
    EXPECT_THAT(as_customer("alice", "GET", "/api/v1/holds/" + id), Refuses(404, "not-found")) << id;
}

TEST_F(HoldsApi, lets_an_operator_release_a_hold_and_writes_down_why) {
  const Answer held = reserve("alice");
  EXPECT_THAT(as_operator("DELETE", hold_path(held), R"({"cause":"x"})"), Refuses(400, "invalid-request"));
  EXPECT_EQ(as_operator("DELETE", hold_path(held), R"({"reason":"bot"})").text("state"), "released");
  EXPECT_EQ(as_operator("DELETE", hold_path(held)).text("state"), "released");
}

TEST_F(HoldsApi, answers_an_operators_repeated_request_as_before) {
  const Answer held = reserve("alice");
  const testing::Fields keyed = {server_.operator_key(), "Idempotency-Key: k"};
  for (int i = 0; i < 2; ++i) EXPECT_EQ(ask("DELETE", hold_path(held), keyed).text("state"), "released");
  EXPECT_THAT(ask("DELETE", hold_path(held), keyed, R"({"reason":"x"})"), Refuses(422, "idempotency-key-reused"));
  EXPECT_THAT(ask("DELETE", hold_path(reserve("bob")), keyed), Refuses(422, "idempotency-key-reused"));
}

}  // namespace
}  // namespace doorbuster::sale
