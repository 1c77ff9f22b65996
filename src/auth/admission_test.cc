#include "auth/admission.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "base/encoding.h"
#include "base/file.h"
#include "base/json.h"

namespace doorbuster::auth {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const Timestamp kNow = Timestamp::from_micros(1'795'770'000'400'000);
constexpr Duration kLife = Duration::seconds(600);

AdmissionClaims claims(Duration life) {
  return {.sale = "ps5", .entry = "2496d7acrkezcszscrzsc65eb4", .hold = {}, .expires_at = kNow + life};
}

class AdmissionTest : public ::testing::Test {
 protected:
  AdmissionTest() : folder_(fresh_folder()) { open(); }
  ~AdmissionTest() override { std::filesystem::remove_all(folder_); }

  static std::filesystem::path fresh_folder() {
    std::string name = std::filesystem::temp_directory_path() / "doorbuster-admission-XXXXXX";
    EXPECT_NE(mkdtemp(name.data()), nullptr);
    return name;
  }
  void open() {
    auto keys = AdmissionKeys::open(folder_, Digest{});
    ASSERT_TRUE(keys.has_value());
    keys_ = std::move(*keys);
  }
  std::string token(Timestamp now, Duration life = kLife) {
    AdmissionClaims wanted = claims({});
    wanted.expires_at = now + life;
    return admit(*keys_->snapshot(), "https://sale.example", wanted, now)->token;
  }
  [[nodiscard]] size_t published_at(Timestamp now) const {
    const std::string jwks = keys_->snapshot()->jwks_at(now);
    size_t count = 0;
    for (size_t at = jwks.find("\"kid\""); at != std::string::npos; at = jwks.find("\"kid\"", at + 1)) ++count;
    return count;
  }
  static JwtRefusal refusal(const tl::expected<AdmissionClaims, JwtRefusal>& result) {
    EXPECT_FALSE(result.has_value());
    return result.error();
  }

  const std::filesystem::path folder_;
  std::unique_ptr<AdmissionKeys> keys_;
};

std::string payload_of(std::string_view token) {
  const size_t first = token.find('.') + 1;
  std::array<std::byte, kJwtBytesMax> bytes;
  return std::string(
      as_text(Bytes(bytes).first(*from_base64url(token.substr(first, token.find('.', first) - first), bytes))));
}

TEST_F(AdmissionTest, says_who_let_whom_into_what_until_when) {
  const auto admission = admit(*keys_->snapshot(), "https://sale.example", claims(kLife), kNow);
  ASSERT_TRUE(admission.has_value());
  EXPECT_EQ(admission->expires_at, Timestamp::from_micros(1'795'770'600'000'000)) << "rounded down";
  const std::string payload = payload_of(admission->token);
  EXPECT_THAT(payload, HasSubstr(R"({"iss":"https://sale.example","aud":"ps5","sub":"2496d7acrkezcszscrzsc65eb4")"));
  EXPECT_THAT(payload, HasSubstr(R"("iat":1795770000,"nbf":1795770000,"exp":1795770600})"));
  EXPECT_THAT(payload, Not(HasSubstr("hold")));
  AdmissionClaims with_hold = claims(kLife);
  with_hold.hold = "h1";
  EXPECT_THAT(payload_of(admit(*keys_->snapshot(), "", with_hold, kNow)->token), HasSubstr(R"("hold":"h1")"));
}

TEST_F(AdmissionTest, is_not_made_for_less_than_what_is_left_of_a_second) {
  EXPECT_FALSE(admit(*keys_->snapshot(), "", claims(Duration::millis(599)), kNow).has_value());
  EXPECT_TRUE(admit(*keys_->snapshot(), "", claims(Duration::millis(600)), kNow).has_value());
}

TEST_F(AdmissionTest, counts_until_its_end_and_not_a_moment_longer) {
  AdmissionVerifier verifier(*keys_);
  const std::string good = token(kNow);
  for (int i = 0; i < 2; ++i) {  // the second time it is known
    const auto seen = verifier.verify(good, kNow);
    ASSERT_TRUE(seen.has_value());
    EXPECT_EQ(seen->sale.view(), "ps5");
    EXPECT_EQ(seen->entry.view(), "2496d7acrkezcszscrzsc65eb4");
    EXPECT_TRUE(verifier.verify(good, Timestamp::from_micros(1'795'770'599'999'999)).has_value());
    EXPECT_EQ(refusal(verifier.verify(good, Timestamp::from_micros(1'795'770'600'000'000))), JwtRefusal::kExpired);
  }
}

TEST_F(AdmissionTest, is_refused_with_any_character_changed) {
  AdmissionVerifier verifier(*keys_);
  const std::string good = token(kNow);
  ASSERT_TRUE(verifier.verify(good, kNow).has_value());
  for (size_t i = 0; i < good.size(); ++i) {
    std::string forged = good;
    forged[i] = forged[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(verifier.verify(forged, kNow).has_value()) << i;
  }
  EXPECT_EQ(refusal(verifier.verify("", kNow)), JwtRefusal::kMalformed);
  EXPECT_EQ(refusal(verifier.verify(std::string(kJwtBytesMax + 1, 'a'), kNow)), JwtRefusal::kMalformed);
}

TEST_F(AdmissionTest, of_another_server_or_of_a_shop_is_refused) {
  AdmissionVerifier verifier(*keys_);
  Digest other{};
  other[0] = std::byte{1};
  const AdmissionKeySet others(other, AdmissionKeyRecords(1));
  EXPECT_EQ(refusal(verifier.verify(admit(others, "", claims(kLife), kNow)->token, kNow)), JwtRefusal::kUnknownKey);
  const std::string id = keys_->snapshot()->keys().front().id;
  const std::string shops =
      JwtSigner::hs256(id, "0123456789abcdef0123456789abcdef").sign(R"({"aud":"ps5","sub":"x","exp":9e9})");
  EXPECT_EQ(refusal(verifier.verify(shops, kNow)), JwtRefusal::kAlgorithm);
}

TEST_F(AdmissionTest, with_a_claim_missing_is_refused_though_well_signed) {
  AdmissionVerifier verifier(*keys_);
  const AdmissionKey& key = keys_->snapshot()->keys().front();
  for (const char* json : {R"({"sub":"x","exp":9000000000})", R"({"aud":"ps5","exp":9000000000})",
                           R"({"aud":"ps5","sub":"x"})", R"({"aud":["ps5"],"sub":"x","exp":9000000000})"}) {
    EXPECT_EQ(refusal(verifier.verify(key.signer.sign(json), kNow)), JwtRefusal::kBadClaim) << json;
  }
}

TEST_F(AdmissionTest, keys_are_the_same_after_a_restart_without_any_file) {
  const std::string before = token(kNow);
  open();
  EXPECT_TRUE(AdmissionVerifier(*keys_).verify(before, kNow).has_value());
  EXPECT_FALSE(std::filesystem::exists(folder_ / "admission-keys.json"));
}

TEST_F(AdmissionTest, a_new_key_is_published_then_signs_and_the_old_one_retires_after_its_last_token) {
  AdmissionVerifier verifier(*keys_);
  const std::string first_id = keys_->snapshot()->keys().front().id;
  const std::string second_id = *keys_->rotate(kNow, kLife, RotationHaste::kNone);
  open();  // it was on the disk
  EXPECT_EQ(published_at(kNow), 2U);
  EXPECT_EQ(keys_->snapshot()->signing_at(kNow).id, first_id);
  const Timestamp signs = kNow + kAdmissionKeyLead;
  EXPECT_EQ(keys_->snapshot()->signing_at(signs - Duration::millis(1)).id, first_id);
  EXPECT_EQ(keys_->snapshot()->signing_at(signs).id, second_id);
  EXPECT_EQ(published_at(signs + kLife - Duration::millis(1)), 2U);
  EXPECT_EQ(published_at(signs + kLife), 1U);
}

TEST_F(AdmissionTest, no_token_outlasts_its_key) {
  ASSERT_TRUE(keys_->rotate(kNow, Duration::seconds(10), RotationHaste::kNone).has_value());
  const Timestamp last = kNow + kAdmissionKeyLead - Duration::millis(1);
  AdmissionClaims wanted = claims({});
  wanted.expires_at = last + kLife;  // the life was made longer since the rotation
  const auto admission = admit(*keys_->snapshot(), "", wanted, last);
  EXPECT_LE(admission->expires_at, *keys_->snapshot()->keys().front().record.retires_at);
}

TEST_F(AdmissionTest, an_exposed_key_counts_no_more_at_once) {
  AdmissionVerifier verifier(*keys_);
  const std::string before = token(kNow);
  ASSERT_TRUE(verifier.verify(before, kNow).has_value());
  const std::string id = *keys_->rotate(kNow, kLife, RotationHaste::kKeyIsExposed);
  EXPECT_EQ(refusal(verifier.verify(before, kNow)), JwtRefusal::kUnknownKey);
  EXPECT_EQ(published_at(kNow), 1U);
  EXPECT_EQ(keys_->snapshot()->signing_at(kNow).id, id);
  EXPECT_TRUE(verifier.verify(token(kNow), kNow).has_value());
}

TEST_F(AdmissionTest, rotations_are_bounded_and_what_is_over_makes_room) {
  size_t made = 0;
  while (keys_->rotate(kNow, kLife, RotationHaste::kNone)) ASSERT_LT(++made, 100U);
  EXPECT_EQ(made, kAdmissionKeysMax - 1);
  EXPECT_TRUE(keys_->rotate(kNow + kAdmissionKeyLead + kLife, kLife, RotationHaste::kNone).has_value());
  EXPECT_EQ(keys_->snapshot()->keys().size(), 2U);
}

TEST_F(AdmissionTest, a_damaged_file_is_named_and_left_as_it_is) {
  for (const char* text : {"", "{}", R"({"format":"doorbuster-admission-keys","version":2,"keys":[]})",
                           R"({"format":"doorbuster-admission-keys","version":1,"keys":[]})"}) {
    ASSERT_TRUE(replace_file(folder_ / "admission-keys.json", text, 0600).has_value());
    const auto opened = AdmissionKeys::open(folder_, Digest{});
    ASSERT_FALSE(opened.has_value()) << text;
    EXPECT_THAT(opened.error().message, HasSubstr("admission-keys.json is damaged"));
  }
}

TEST_F(AdmissionTest, the_published_key_is_the_one_of_the_documented_vector) {
  EXPECT_EQ(
      keys_->snapshot()->jwks_at(kNow),
      R"({"keys":[{"kty":"OKP","crv":"Ed25519","alg":"EdDSA","use":"sig",)"
      R"("kid":"PM4jNQ3bzcq1Y2FgCPfUhIQ0EwuIxk6jxMLws81a0tg","x":"-d9cuz5yjy0qcgkfdKRrRxjuZe3W7sp-jpYLMNYPhb4"}]})");
}

}  // namespace
}  // namespace doorbuster::auth
