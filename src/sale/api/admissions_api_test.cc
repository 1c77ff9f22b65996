// Admissions over HTTP: who gets one, and for how long.
#include "base/encoding.h"
#include "sale/testing/api_test.h"

namespace doorbuster::sale {
namespace {

using testing::Answer;
using ::testing::HasSubstr;
using testing::kPs5;
using testing::Refuses;

testing::SaleServer::Options with_return_list() {
  return {.admissions = {.issuer = "https://sale.example",
                         .return_to = *platform::RedirectAllowList::make({"https://shop.example/checkout"})}};
}

class AdmissionsApi : public testing::ApiTest {
 protected:
  AdmissionsApi() : ApiTest(with_return_list()) { create(R"("units":1,"queue":"fifo","hold_seconds":1000)"); }

  Answer admit(const Answer& joined, std::string_view sub, std::string_view body = {}) {
    return ask("POST", entry_path(joined) + "/admission", {server_.customer(sub)}, body);
  }
  int64_t now_seconds() { return server_.service().context().clock.now().micros() / 1'000'000; }

  // A claim of a token, as JSON writes it.
  static std::string claim(const Answer& admission, std::string_view name) {
    const std::string token = admission.text("token");
    const size_t first = token.find('.') + 1;
    std::array<std::byte, auth::kJwtBytesMax> bytes;
    const auto size = from_base64url(std::string_view(token).substr(first, token.find('.', first) - first), bytes);
    Answer payload;
    payload.body = as_text(Bytes(bytes).first(size.value()));
    return payload.text(name);
  }
};

TEST_F(AdmissionsApi, lets_those_in_whose_turn_it_is) {
  const Answer alice = join("alice");
  const Answer admitted = admit(alice, "alice");
  EXPECT_EQ(admitted.status, 201) << admitted.body;
  EXPECT_EQ(admitted.text("sale"), "ps5");
  EXPECT_EQ(admitted.text("entry"), alice.text("id"));
  EXPECT_EQ(admitted.text("expires_at"), alice.text("claim_until"));
  EXPECT_EQ(admitted.text("return_to"), "absent");
  EXPECT_EQ(admitted.header("cache-control"), "no-store");
  EXPECT_EQ(claim(admitted, "iss"), "https://sale.example");
  EXPECT_EQ(claim(admitted, "aud"), "ps5");
  EXPECT_EQ(claim(admitted, "sub"), alice.text("id"));
  EXPECT_EQ(claim(admitted, "hold"), "absent");
  EXPECT_NE(claim(admit(alice, "alice"), "jti"), claim(admitted, "jti"));
}

TEST_F(AdmissionsApi, take_the_entrys_token_for_the_customers) {
  const Answer alice = join("alice");
  EXPECT_EQ(ask("POST", entry_path(alice) + "/admission?token=" + alice.text("token")).status, 201);
  EXPECT_THAT(ask("POST", entry_path(alice) + "/admission?token=x"), Refuses(401, "token-needed"));
  EXPECT_THAT(admit(alice, "bob"), Refuses(404, "not-found"));
  EXPECT_THAT(as_operator("POST", entry_path(alice) + "/admission"), Refuses(401, "invalid-token"));
}

TEST_F(AdmissionsApi, are_for_nobody_else) {
  const Answer alice = join("alice");
  const Answer bob = join("bob");
  const Answer early = admit(bob, "bob");
  EXPECT_THAT(early, Refuses(409, "not-your-turn"));
  EXPECT_EQ(early.text("state"), "waiting");
  as_operator("DELETE", entry_path(bob));
  EXPECT_EQ(admit(bob, "bob").text("state"), "removed");
  wait(60);
  EXPECT_EQ(admit(alice, "alice").text("state"), "lapsed");
}

TEST_F(AdmissionsApi, never_outlast_the_offer_or_the_hold) {
  const Answer alice = join("alice");
  wait(59);
  EXPECT_EQ(claim(admit(alice, "alice"), "exp"), std::to_string(now_seconds() + 1));
  const Answer held = reserve("alice");
  const Answer holding = admit(alice, "alice");
  EXPECT_EQ(claim(holding, "hold"), held.text("id"));
  EXPECT_EQ(claim(holding, "exp"), std::to_string(now_seconds() + 600)) << "the most there is";
  wait(995);
  EXPECT_EQ(admit(alice, "alice").text("expires_at"), held.text("expires_at"));
  as_customer("alice", "POST", hold_path(held) + "/payment");
  EXPECT_EQ(admit(alice, "alice").text("expires_at"), held.text("expires_at"));
  wait(5);
  EXPECT_EQ(as_customer("alice", "GET", entry_path(alice)).text("state"), "paying");
  EXPECT_THAT(admit(alice, "alice"), Refuses(409, "not-your-turn")) << "the grace is for the payment alone";
}

TEST_F(AdmissionsApi, are_not_made_for_a_fraction_of_a_second) {
  const Answer alice = join("alice");
  server_.clock().advance(Duration::millis(59'001));
  EXPECT_EQ(admit(alice, "alice").status, 201);
  server_.clock().advance(Duration::millis(998));
  EXPECT_EQ(admit(alice, "alice").status, 201);
  server_.clock().advance(Duration::micros(1'000));
  EXPECT_EQ(admit(alice, "alice").text("state"), "lapsed");
}

TEST_F(AdmissionsApi, of_before_a_pause_end_when_they_would_have) {
  const Answer alice = join("alice");
  const Answer before = admit(alice, "alice");
  wait(50);
  as_operator("POST", std::string(kPs5) + "/pause");
  const Answer paused = admit(alice, "alice");
  EXPECT_THAT(paused, Refuses(409, "sale-paused"));
  wait(3'600);
  as_operator("POST", std::string(kPs5) + "/resume");
  const Answer entry = as_customer("alice", "GET", entry_path(alice));
  EXPECT_EQ(entry.text("state"), "offered");
  const Answer after = admit(alice, "alice");
  EXPECT_EQ(after.text("expires_at"), entry.text("claim_until"))
      << "the offer was given time anew, and this one is of now";
  EXPECT_EQ(claim(before, "exp"), std::to_string(now_seconds() - 3'590));
}

TEST_F(AdmissionsApi, say_where_to_go_if_that_is_listed) {
  const Answer alice = join("alice");
  const Answer back = admit(alice, "alice", R"({"return_to":"https://shop.example/checkout?sku=1#top"})");
  EXPECT_EQ(back.text("return_to"),
            "https://shop.example/checkout?sku=1&doorbuster_admission=" + back.text("token") + "#top");
  EXPECT_THAT(admit(alice, "alice", R"({"return_to":"https://evil.example/checkout"})"),
              Refuses(400, "return-not-allowed"));
  EXPECT_THAT(admit(alice, "alice", R"({"return_to":7})"), Refuses(400, "invalid-request"));
  EXPECT_THAT(admit(alice, "alice", R"({"return":"x"})"), Refuses(400, "invalid-request"));
}

TEST_F(AdmissionsApi, are_signed_with_a_published_key) {
  const Answer alice = join("alice");
  const Answer jwks = ask("GET", "/.well-known/jwks.json");
  EXPECT_EQ(jwks.status, 200);
  EXPECT_EQ(jwks.header("content-type"), "application/jwk-set+json");
  EXPECT_EQ(jwks.header("cache-control"), "public, max-age=300");
  EXPECT_EQ(jwks.header("access-control-allow-origin"), "*");
  EXPECT_EQ(ask("GET", "/.well-known/jwks.json", {"If-None-Match: " + jwks.header("etag")}).status, 304);
  const Answer made = as_operator("POST", "/api/v1/admission-keys");
  EXPECT_EQ(made.status, 201);
  EXPECT_EQ(made.text("signs_from"), "2026-11-27T10:10:00.000Z");
  const Answer both = ask("GET", "/.well-known/jwks.json");
  EXPECT_EQ(both.text("keys/0/kid"), jwks.text("keys/0/kid"));
  EXPECT_EQ(both.text("keys/1/kid"), made.text("kid"));
  const Answer now = as_operator("POST", "/api/v1/admission-keys", R"({"exposed":true})");
  EXPECT_EQ(ask("GET", "/.well-known/jwks.json").text("keys/0/kid"), now.text("kid"));
  EXPECT_EQ(now.text("signs_from"), "2026-11-27T10:00:00.000Z");
}

TEST_F(AdmissionsApi, have_keys_that_only_operators_rotate) {
  EXPECT_THAT(ask("POST", "/api/v1/admission-keys"), Refuses(401, "operator-key-needed"));
  EXPECT_THAT(as_operator("POST", "/api/v1/admission-keys", "[]"), Refuses(400, "invalid-request"));
  for (int i = 0; i < 15; ++i) ASSERT_EQ(as_operator("POST", "/api/v1/admission-keys").status, 201);
  EXPECT_THAT(as_operator("POST", "/api/v1/admission-keys"), Refuses(409, "key-conflict"));
}

TEST_F(AdmissionsApi, say_when_nobody_can_decide) {
  const Answer alice = join("alice");
  server_.fence();
  EXPECT_EQ(reserve("alice").status, 503);
  EXPECT_THAT(admit(alice, "alice"), Refuses(503, "unavailable"));
}

}  // namespace
}  // namespace doorbuster::sale
