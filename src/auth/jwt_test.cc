#include "auth/jwt.h"

#include <gtest/gtest.h>

#include "base/encoding.h"

namespace doorbuster::auth {
namespace {

const Timestamp kNow = parse_rfc3339("2026-11-27T10:00:00Z").value();
constexpr std::string_view kSecret = "0123456789abcdef0123456789abcdef";

JwtClaims alice() { return {.sub = "alice", .expires_at = kNow + Duration::seconds(60), .not_before = {}, .sale = {}}; }

// A token of any content, signed well with kSecret.
std::string signed_token(std::string_view header, std::string_view payload) {
  const std::string text = to_base64url(as_bytes(header)) + "." + to_base64url(as_bytes(payload));
  return text + "." + to_base64url(HmacSha256(as_bytes(kSecret)).sign(as_bytes(text)));
}

class JwtTest : public ::testing::Test {
 protected:
  JwtTest() { keys_.push_back(JwtKey::hs256("k1", kSecret)); }

  [[nodiscard]] std::string outcome(std::string_view token, Timestamp now = kNow) const {
    const auto claims = verify_jwt(token, keys_, now);
    return claims ? std::string(claims->sub.view())
                  : std::string(kJwtRefusalNames[static_cast<size_t>(claims.error())]);
  }
  [[nodiscard]] std::string outcome_of_payload(std::string_view payload) const {
    return outcome(signed_token(R"({"alg":"HS256"})", payload));
  }
  [[nodiscard]] std::string outcome_of_header(std::string_view header) const {
    return outcome(signed_token(header, R"({"sub":"alice","exp":1999999999})"));
  }

  std::vector<JwtKey> keys_;
};

TEST_F(JwtTest, a_minted_token_carries_its_claims) {
  JwtClaims given = alice();
  given.sale = "ps5";
  given.not_before = kNow;
  const auto claims = verify_jwt(JwtSigner::hs256("k1", kSecret).mint(given), keys_, kNow);
  ASSERT_TRUE(claims.has_value());
  EXPECT_EQ(claims->sub.view(), "alice");
  EXPECT_EQ(claims->sale.view(), "ps5");
  EXPECT_EQ(claims->not_before, kNow);
  EXPECT_EQ(claims->expires_at, given.expires_at);
}

TEST_F(JwtTest, a_minted_token_is_the_documented_one) {
  JwtClaims given = alice();
  given.sale = "ps5";
  EXPECT_EQ(JwtSigner::hs256("k1", kSecret).mint(given),
            "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6ImsxIn0."
            "eyJzdWIiOiJhbGljZSIsImV4cCI6MTc5NTc3MzY2MCwic2FsZSI6InBzNSJ9."
            "5T2nv7fHBVJCcEFBF-o6XIF4cWnEfFqoV-WMSD3TwNs");
}

// From RFC 7515 appendix A.1, whose payload has no `sub`: the signature is accepted, the claim is missed.
TEST_F(JwtTest, checks_the_signature_of_rfc_7515_appendix_a_1) {
  constexpr std::string_view kKey =
      "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow";
  constexpr std::string_view kToken =
      "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9."
      "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290"
      "Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
  std::array<std::byte, 64> key;
  ASSERT_EQ(from_base64url(kKey, key), key.size());
  keys_.clear();
  keys_.push_back(JwtKey::hs256("", as_text(key)));
  EXPECT_EQ(outcome(kToken), "bad-claim");
  EXPECT_EQ(outcome(std::string(kToken).replace(60, 1, "A")), "bad-signature");
}

// From RFC 8037 appendix A.4 (the payload is no JSON).
TEST_F(JwtTest, checks_the_signature_of_rfc_8037_appendix_a_4) {
  keys_.clear();
  keys_.push_back(JwtKey::ed25519("", Ed25519PublicKey::parse("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo").value()));
  const std::string token =
      "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc."
      "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
  EXPECT_EQ(outcome(token), "malformed");
  EXPECT_EQ(outcome(token.substr(0, token.size() - 2) + "Aw"), "bad-signature");
}

TEST_F(JwtTest, eddsa_tokens_are_minted_and_verified) {
  Ed25519PrivateKey key = Ed25519PrivateKey::generate();
  keys_.push_back(JwtKey::ed25519("k2", key.public_key()));
  const std::string token = JwtSigner::ed25519("k2", std::move(key)).mint(alice());
  EXPECT_EQ(outcome(token), "alice");
  EXPECT_EQ(outcome(JwtSigner::ed25519("k2", Ed25519PrivateKey::generate()).mint(alice())), "bad-signature");
}

TEST_F(JwtTest, a_token_ends_at_its_expiry_to_the_microsecond) {
  const std::string token = JwtSigner::hs256("k1", kSecret).mint(alice());
  const Timestamp end = kNow + Duration::seconds(60);
  EXPECT_EQ(outcome(token, end - Duration::micros(1)), "alice");
  EXPECT_EQ(outcome(token, end), "expired");
}

TEST_F(JwtTest, a_token_begins_with_five_seconds_of_grace_for_clocks) {
  JwtClaims later = alice();
  later.not_before = kNow + Duration::seconds(10);
  const std::string token = JwtSigner::hs256("k1", kSecret).mint(later);
  EXPECT_EQ(outcome(token, kNow + Duration::seconds(5) - Duration::micros(1)), "not-yet-valid");
  EXPECT_EQ(outcome(token, kNow + Duration::seconds(5)), "alice");
}

TEST_F(JwtTest, every_changed_character_is_refused) {
  const std::string token = JwtSigner::hs256("k1", kSecret).mint(alice());
  for (size_t i = 0; i < token.size(); ++i) {
    std::string changed = token;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_NE(outcome(changed), "alice") << i;
    EXPECT_NE(outcome(token.substr(0, i)), "alice") << i;
  }
}

TEST_F(JwtTest, the_algorithm_belongs_to_the_key) {
  constexpr std::string_view kPayload = R"({"sub":"alice","exp":1999999999})";
  EXPECT_EQ(outcome(signed_token(R"({"alg":"none"})", kPayload)), "algorithm");
  EXPECT_EQ(outcome(signed_token(R"({"alg":"EdDSA"})", kPayload)), "algorithm");
  EXPECT_EQ(outcome(signed_token(R"({"alg":"hs256"})", kPayload)), "algorithm");
  const std::string unsigned_one =
      to_base64url(as_bytes(R"({"alg":"none"})")) + "." + to_base64url(as_bytes(kPayload)) + ".";
  EXPECT_EQ(outcome(unsigned_one), "algorithm");
}

TEST_F(JwtTest, a_public_key_is_no_hmac_secret) {
  const Ed25519PublicKey key = Ed25519PrivateKey::generate().public_key();
  keys_.clear();
  keys_.push_back(JwtKey::ed25519("k2", Ed25519PublicKey(key.bytes())));
  EXPECT_EQ(outcome(JwtSigner::hs256("k2", as_text(key.bytes())).mint(alice())), "algorithm");
}

TEST_F(JwtTest, kid_chooses_the_key_and_the_first_is_for_those_without) {
  keys_.push_back(JwtKey::hs256("k2", "another secret of the shop, longer than 32"));
  EXPECT_EQ(outcome(JwtSigner::hs256("k2", "another secret of the shop, longer than 32").mint(alice())), "alice");
  EXPECT_EQ(outcome(JwtSigner::hs256("", kSecret).mint(alice())), "alice");
  EXPECT_EQ(outcome(JwtSigner::hs256("k2", kSecret).mint(alice())), "bad-signature");
  EXPECT_EQ(outcome(JwtSigner::hs256("k3", kSecret).mint(alice())), "unknown-key");
  keys_.clear();
  EXPECT_EQ(outcome(JwtSigner::hs256("", kSecret).mint(alice())), "unknown-key");
}

TEST_F(JwtTest, a_remembered_header_chooses_its_own_key_and_excuses_nothing_else) {
  keys_.push_back(JwtKey::hs256("k2", "another secret of the shop, longer than 32"));
  const JwtSigner first = JwtSigner::hs256("k1", kSecret);
  const JwtSigner second = JwtSigner::hs256("k2", "another secret of the shop, longer than 32");
  const JwtSigner impostor = JwtSigner::hs256("k1", "a secret that the shop has never seen, no");
  JwtHeaderMemo memo;
  const auto refusal = [&](const std::string& token) {
    const auto claims = verify_jwt(token, keys_, kNow, memo);
    return claims ? std::string_view("good") : kJwtRefusalNames[static_cast<size_t>(claims.error())];
  };
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(refusal(first.mint(alice())), "good");
    EXPECT_EQ(refusal(first.mint(alice())), "good");
    EXPECT_EQ(refusal(impostor.mint(alice())), "bad-signature");
    EXPECT_EQ(refusal(second.mint(alice())), "good");
    EXPECT_EQ(refusal(signed_token("{}", "{}")), "malformed");
  }
}

TEST_F(JwtTest, headers_that_are_not_understood_are_refused) {
  EXPECT_EQ(outcome_of_header(R"({"alg":"HS256","typ":"JWT","cty":"x"})"), "alice");
  for (const char* header : {R"({"alg":"HS256","crit":["b64"]})", R"({"alg":"HS256","alg":"none"})", R"({"typ":"JWT"})",
                             R"({"alg":256})", R"({"alg":"HS256","kid":1})", "[]", "", "{"}) {
    EXPECT_EQ(outcome_of_header(header), "malformed") << header;
  }
}

TEST_F(JwtTest, claims_have_their_types_and_sizes) {
  EXPECT_EQ(outcome_of_payload(R"({"sub":"alice","exp":1999999999,"iss":"shop","aud":["x"],"priority":9})"), "alice");
  EXPECT_EQ(outcome_of_payload(R"({"sub":"alice","exp":1999999999.5})"), "alice");
  EXPECT_EQ(outcome_of_payload(R"({"sub":"\u0061lice","exp":1999999999})"), "alice");
  EXPECT_EQ(outcome_of_payload(R"({"sub":")" + std::string(256, 'x') + R"(","exp":1999999999})"),
            std::string(256, 'x'));
  for (const std::string& payload :
       {std::string(R"({"exp":1999999999})"), std::string(R"({"sub":"alice"})"),
        std::string(R"({"sub":"","exp":1999999999})"), R"({"sub":")" + std::string(257, 'x') + R"(","exp":1999999999})",
        std::string(R"({"sub":"alice","exp":"1999999999"})"), std::string(R"({"sub":"alice","exp":1e300})"),
        std::string(R"({"sub":7,"exp":1999999999})"), std::string(R"({"sub":"alice","exp":1999999999,"nbf":null})"),
        std::string(R"({"sub":"alice","exp":1999999999,"sale":""})"), std::string("[]")}) {
    EXPECT_EQ(outcome_of_payload(payload), "bad-claim") << payload;
  }
  EXPECT_EQ(outcome_of_payload("{"), "malformed");
  EXPECT_EQ(outcome_of_payload(R"({"sub":"alice","exp":1,"exp":1999999999})"), "malformed");
}

TEST_F(JwtTest, what_is_not_three_parts_of_base64url_is_malformed) {
  for (const char* token : {"", ".", "..", "a.b", "a.b.c.d", "!!.b.c", "eyJhbGciOiJIUzI1NiJ9=.e30.x"})
    EXPECT_EQ(outcome(token), "malformed") << token;
  EXPECT_EQ(outcome(std::string(kJwtBytesMax + 1, 'a')), "malformed");
}

TEST_F(JwtTest, each_refusal_is_explained) {
  for (size_t i = 0; i < kJwtRefusalNames.size(); ++i) EXPECT_GT(explain(static_cast<JwtRefusal>(i)).size(), 20U);
}

TEST(Ed25519PublicKey, is_read_from_pem_and_from_base64url) {
  constexpr std::string_view kPem =
      "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n-----END PUBLIC "
      "KEY-----\n";
  const auto from_pem = Ed25519PublicKey::parse(kPem);
  ASSERT_TRUE(from_pem.has_value());
  EXPECT_EQ(to_base64url(from_pem->bytes()), "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo");
  EXPECT_EQ(Ed25519PublicKey::parse("not a key").error().code, ErrorCode::kInvalid);
  EXPECT_EQ(Ed25519PublicKey::parse("").error().code, ErrorCode::kInvalid);
}

}  // namespace
}  // namespace doorbuster::auth
