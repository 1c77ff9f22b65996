// Who is asking? Tokens, guests' cookies, operators' keys.
#include "sale/testing/api_test.h"

namespace doorbuster::sale {
namespace {

using testing::Answer;
using ::testing::HasSubstr;
using testing::kPs5;
using testing::Refuses;

class CallersApi : public testing::ApiTest {
 protected:
  Answer reserve_with(const testing::Fields& fields) { return ask("POST", std::string(kPs5) + "/holds", fields); }
  static std::string cookie_of(const Answer& answer) {
    const std::string set = answer.header("set-cookie");
    return "Cookie: " + set.substr(0, set.find(';'));
  }
};

TEST_F(CallersApi, refuses_tokens_that_are_not_good_and_says_why) {
  create(R"("units":3,"queue":"none")");
  std::string forged = server_.customer("alice");
  forged[forged.size() - 5] = forged[forged.size() - 5] == 'A' ? 'B' : 'A';
  const std::string expired = server_.customer("alice", {}, Duration::seconds(10));
  wait(10);
  const std::pair<std::string, const char*> cases[] = {
      {forged, "signature does not fit"},
      {expired, "expired"},
      {"Authorization: Bearer nonsense", "not a JSON Web Token"},
      {"Authorization: Bearer ", "has to be 'Bearer <JWT>'"},
      {"Authorization: Basic YTpi", "has to be 'Bearer <JWT>'"},
      {server_.operator_key(), "operator's key"},
      {"Authorization: Bearer dbs_0123456789ab_x", "must never leave the shop"},
  };
  for (const auto& [field, says] : cases) {
    const Answer answer = reserve_with({field});
    EXPECT_THAT(answer, Refuses(401, "invalid-token")) << field;
    EXPECT_THAT(answer.text("detail"), HasSubstr(says)) << field;
    EXPECT_THAT(answer.header("www-authenticate"), HasSubstr("Bearer realm=\"doorbuster\""));
  }
  const Answer nobody = reserve_with({});
  EXPECT_THAT(nobody, Refuses(401, "token-needed"));
  EXPECT_EQ(nobody.header("www-authenticate"), "Bearer realm=\"doorbuster\"");
}

TEST_F(CallersApi, does_not_care_how_the_scheme_is_written) {
  create(R"("units":1,"queue":"none")");
  std::string field = server_.customer("alice");
  field.replace(field.find("Bearer"), 6, "bEARER ");
  EXPECT_EQ(reserve_with({field}).status, 201);
}

TEST_F(CallersApi, takes_a_token_for_its_own_sale_only) {
  create(R"("units":1,"queue":"none")");
  const std::string other = server_.customer("alice", "xbox");
  EXPECT_THAT(reserve_with({other}), Refuses(403, "token-for-another-sale"));
  const Answer held = reserve_with({server_.customer("alice", "ps5")});
  EXPECT_EQ(held.status, 201);
  for (const char* method : {"GET", "DELETE"})
    EXPECT_THAT(ask(method, hold_path(held), {other}), Refuses(403, "token-for-another-sale"));
  EXPECT_THAT(ask("POST", hold_path(held) + "/payment", {other}), Refuses(403, "token-for-another-sale"));
}

TEST_F(CallersApi, knows_a_guest_again_by_the_cookie) {
  create(R"("units":3,"queue":"none","guests":true)");
  const Answer held = reserve_with({});
  EXPECT_EQ(held.status, 201);
  EXPECT_THAT(held.header("set-cookie"), HasSubstr("HttpOnly; SameSite=Lax"));
  const std::string cookie = cookie_of(held);
  EXPECT_EQ(ask("GET", hold_path(held), {cookie}).body, held.body);
  const Answer again = reserve_with({cookie});
  EXPECT_THAT(again, Refuses(409, "one-per-customer"));
  EXPECT_EQ(again.header("set-cookie"), "absent");
  EXPECT_THAT(ask("GET", hold_path(held)), Refuses(401, "token-needed"));
  EXPECT_THAT(ask("GET", hold_path(held), {cookie_of(reserve_with({}))}), Refuses(404, "not-found"));
  // A cookie that we did not make is no cookie.
  EXPECT_THAT(ask("GET", hold_path(held), {cookie + "x"}), Refuses(401, "token-needed"));
}

TEST_F(CallersApi, gives_a_guest_a_place_in_line) {
  create(R"("units":1,"guests":true)");
  const Answer joined = ask("POST", std::string(kPs5) + "/queue");
  EXPECT_EQ(joined.status, 202);
  EXPECT_EQ(ask("GET", entry_path(joined), {cookie_of(joined)}).status, 200);
}

TEST_F(CallersApi, takes_no_guests_where_the_sale_takes_none) {
  create(R"("units":3,"queue":"none","guests":true)");
  const std::string cookie = cookie_of(reserve_with({}));
  as_operator("PATCH", kPs5, R"({"guests":false})");
  EXPECT_THAT(reserve_with({cookie}), Refuses(401, "token-needed"));
  EXPECT_THAT(reserve_with({}), Refuses(401, "token-needed"));
}

TEST_F(CallersApi, tells_operators_and_customers_apart_on_every_call) {
  create(R"("units":1,"queue":"none")");
  const std::pair<const char*, const char*> operators_calls[] = {
      {"POST", "/api/v1/sales"},           {"PATCH", "/api/v1/sales/ps5"},
      {"POST", "/api/v1/sales/ps5/pause"}, {"POST", "/api/v1/sales/ps5/resume"},
      {"POST", "/api/v1/sales/ps5/close"},
  };
  for (const auto& [method, path] : operators_calls) {
    EXPECT_THAT(as_customer("alice", method, path), Refuses(401, "operator-key-needed")) << path;
    EXPECT_THAT(ask(method, path), Refuses(401, "operator-key-needed")) << path;
    EXPECT_THAT(ask(method, path, {"Authorization: Bearer dbk_0123456789ab_nonsense"}),
                Refuses(401, "unknown-operator-key"))
        << path;
  }
  EXPECT_THAT(ask("GET", "/api/v1/sales", {"Authorization: Bearer dbk_0123456789ab_nonsense"}),
              Refuses(401, "unknown-operator-key"));
}

class WhereOperatorsHaveAnAddressOfTheirOwn : public testing::ApiTest {
 protected:
  WhereOperatorsHaveAnAddressOfTheirOwn() : ApiTest({.operators = platform::Operators::kRefused}) {}
};

TEST_F(WhereOperatorsHaveAnAddressOfTheirOwn, takes_no_operators_calls) {
  EXPECT_THAT(create(R"("units":1)"), Refuses(403, "operators-elsewhere"));
  EXPECT_THAT(as_operator("GET", testing::kSales), Refuses(403, "operators-elsewhere"));
  EXPECT_EQ(ask("GET", testing::kSales).status, 200);
}

}  // namespace
}  // namespace doorbuster::sale
