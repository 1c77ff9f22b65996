// Keys over HTTP: operators' and shops'.
#include "auth/jwt.h"
#include "sale/testing/api_test.h"

namespace doorbuster::sale {
namespace {

using testing::Answer;
using ::testing::HasSubstr;
using testing::kPs5;
using ::testing::Not;
using testing::Refuses;

constexpr const char* kKeys = "/api/v1/keys";

class KeysApi : public testing::ApiTest {};

TEST_F(KeysApi, makes_an_operators_key_and_shows_it_once) {
  const Answer made = as_operator("POST", kKeys, R"({"kind":"operator","name":"Ada"})");
  EXPECT_EQ(made.status, 201);
  EXPECT_EQ(made.header("location"), "/api/v1/keys/" + made.text("id"));
  EXPECT_EQ(made.header("cache-control"), "no-store");
  const std::string key = made.text("key");
  EXPECT_EQ(ask("GET", kKeys, {"Authorization: Bearer " + key}).status, 200);
  const Answer list = as_operator("GET", kKeys);
  EXPECT_THAT(list.body, HasSubstr("\"Ada\""));
  EXPECT_THAT(list.body, Not(HasSubstr(key)));
}

TEST_F(KeysApi, takes_a_key_away_at_once) {
  const Answer made = as_operator("POST", kKeys, R"({"kind":"operator","name":"Ada"})");
  EXPECT_EQ(as_operator("DELETE", made.header("location")).status, 204);
  EXPECT_THAT(ask("GET", kKeys, {"Authorization: Bearer " + made.text("key")}), Refuses(401, "unknown-operator-key"));
  EXPECT_THAT(as_operator("DELETE", made.header("location")), Refuses(404, "not-found"));
}

TEST_F(KeysApi, keeps_the_last_operators_key) {
  const Answer list = as_operator("GET", kKeys);
  EXPECT_EQ(list.text("keys/0/kind"), "operator");
  EXPECT_THAT(as_operator("DELETE", "/api/v1/keys/" + list.text("keys/0/id")), Refuses(409, "key-conflict"));
}

TEST_F(KeysApi, makes_a_shops_key_whose_tokens_are_good) {
  create(R"("units":1,"queue":"none")");
  const Answer made = as_operator("POST", kKeys, R"({"kind":"shop","name":"till","id":"till"})");
  EXPECT_EQ(made.status, 201);
  const auth::JwtClaims claims{.sub = "alice", .expires_at = server_.clock().now() + Duration::seconds(60)};
  const std::string token = auth::JwtSigner::hs256("till", made.text("key")).mint(claims);
  const std::string field = "Authorization: Bearer " + token;
  const std::string path = std::string(kPs5) + "/holds";
  EXPECT_EQ(ask("POST", path, {field}).status, 201);
  EXPECT_THAT(as_operator("POST", kKeys, R"({"kind":"shop","name":"till","id":"till"})"), Refuses(409, "key-conflict"));
  as_operator("DELETE", "/api/v1/keys/till");
  EXPECT_THAT(ask("POST", path, {field}), Refuses(401, "invalid-token"));
}

TEST_F(KeysApi, says_what_is_wrong_with_a_wish) {
  for (const char* body :
       {"", "{}", R"({"kind":"shop"})", R"({"kind":"admin","name":"x"})", R"({"kind":"shop","name":""})",
        R"({"kind":"operator","name":"x","id":"y"})", R"({"kind":"shop","name":"x","secret":"short"})",
        R"({"kind":"shop","name":"x","id":"a b"})", R"({"kind":"shop","name":"x","public_key":"y"})",
        R"({"kind":"shop","name":"x","scope":"all"})"}) {
    const Answer answer = as_operator("POST", kKeys, body);
    EXPECT_THAT(answer, Refuses(400, "invalid-request")) << body;
    EXPECT_NE(answer.text("detail"), "absent");
  }
}

TEST_F(KeysApi, is_for_operators) {
  EXPECT_THAT(ask("GET", kKeys), Refuses(401, "operator-key-needed"));
  EXPECT_THAT(as_customer("alice", "POST", kKeys), Refuses(401, "operator-key-needed"));
  EXPECT_THAT(ask("DELETE", "/api/v1/keys/x"), Refuses(401, "operator-key-needed"));
}

TEST_F(KeysApi, leaves_in_the_audit_trail_who_did_what_from_where) {
  const Answer made = as_operator("POST", kKeys, R"({"kind":"operator","name":"Ada"})");
  const Answer till = as_operator("POST", kKeys, R"({"kind":"shop","name":"till","id":"till"})");
  const std::string ada = "Authorization: Bearer " + made.text("key");
  EXPECT_EQ(ask("DELETE", "/api/v1/keys/till", {ada, "X-Forwarded-For: 203.0.113.9"}).status, 204);
  EXPECT_EQ(ask("POST", "/api/v1/admission-keys", {ada}).status, 201);
  EXPECT_THAT(as_operator("DELETE", "/api/v1/keys/till"), Refuses(404, "not-found"));
  const Answer trail = as_operator("GET", "/api/v1/audit");
  EXPECT_EQ(trail.text("total"), "4");
  EXPECT_EQ(trail.text("lines/0/action"), "admission key rotated");
  EXPECT_EQ(trail.text("lines/1/action"), "key revoked");
  EXPECT_EQ(trail.text("lines/1/detail"), "key till");
  EXPECT_EQ(trail.text("lines/1/actor"), made.text("id"));
  EXPECT_EQ(trail.text("lines/1/address"), "127.0.0.1");
  EXPECT_EQ(trail.text("lines/1/forwarded_for"), "203.0.113.9");
  EXPECT_EQ(trail.text("lines/2/detail"), "shop key till: till");
  EXPECT_EQ(trail.text("lines/3/detail"), "operator key " + made.text("id") + ": Ada");
  EXPECT_THAT(server_.operator_key(), HasSubstr(trail.text("lines/3/actor")));
  EXPECT_EQ(as_operator("GET", "/api/v1/audit?offset=3&limit=5").text("lines/0/number"), "1");
  EXPECT_THAT(ask("GET", "/api/v1/audit"), Refuses(401, "operator-key-needed"));
}

TEST_F(KeysApi, lists_failed_log_ins_without_their_secrets_and_within_bounds) {
  const std::string right = server_.operator_key();
  std::string wrong = right;
  wrong.back() = wrong.back() == 'A' ? 'Q' : 'A';
  for (int i = 0; i < 100; ++i) EXPECT_EQ(ask("GET", kKeys, {wrong}).status, 401);
  const Answer trail = as_operator("GET", "/api/v1/audit");
  EXPECT_EQ(trail.text("total"), "20");
  EXPECT_THAT(trail.text("lines/0/detail"), ::testing::StartsWith("wrong secret for key "));
  EXPECT_EQ(trail.text("lines/0/actor"), "null");
  EXPECT_THAT(trail.body, Not(HasSubstr(wrong.substr(wrong.rfind('_')))));
}

TEST_F(KeysApi, changes_nothing_that_cannot_be_written_down) {
  const std::string me = server_.operator_key();
  std::filesystem::remove_all(server_.folder());
  EXPECT_EQ(ask("POST", kKeys, {me}, R"({"kind":"operator","name":"Ada"})").status, 503);
  EXPECT_EQ(ask("GET", kKeys, {me}).text("keys/2/id"), "absent");
}

}  // namespace
}  // namespace doorbuster::sale
