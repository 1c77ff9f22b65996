#include "auth/webhook_signature.h"

#include <gtest/gtest.h>

namespace doorbuster::auth {
namespace {

// The example of the Standard Webhooks specification's reference libraries.
constexpr std::string_view kSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
constexpr std::string_view kId = "msg_p5jXN8AQM9LWM0D4loKWxJek";
constexpr std::string_view kTimestamp = "1614265330";
constexpr std::string_view kBody = R"({"test": 2432232314})";
constexpr std::string_view kSignature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
const Timestamp kAt = Timestamp::from_micros(1'614'265'330'000'000);

std::string outcome(const SignedMessage& message, Timestamp now = kAt, std::string_view secret = kSecret) {
  const WebhookSecret parsed = WebhookSecret::parse(secret).value();
  const auto verified = verify_webhook(message, std::span(&parsed, 1), now);
  return verified ? "accepted" : std::string(kWebhookRefusalNames[static_cast<size_t>(verified.error())]);
}

TEST(WebhookSignature, agrees_with_the_reference_example) {
  EXPECT_EQ(WebhookSecret::parse(kSecret).value().sign(kId, kAt, kBody), kSignature);
  EXPECT_EQ(outcome({kId, kTimestamp, kSignature, kBody}), "accepted");
}

TEST(WebhookSignature, anything_changed_is_refused) {
  EXPECT_EQ(outcome({"msg_other", kTimestamp, kSignature, kBody}), "bad-signature");
  EXPECT_EQ(outcome({kId, "1614265331", kSignature, kBody}), "bad-signature");
  EXPECT_EQ(outcome({kId, kTimestamp, kSignature, R"({"test": 2432232315})"}), "bad-signature");
  EXPECT_EQ(outcome({kId, kTimestamp, "v1,h0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", kBody}), "bad-signature");
  EXPECT_EQ(outcome({kId, kTimestamp, "v2,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", kBody}), "bad-signature");
  EXPECT_EQ(outcome({kId, kTimestamp, kSignature, kBody}, kAt, WebhookSecret::fresh()), "bad-signature");
}

TEST(WebhookSignature, one_good_signature_among_several_is_enough) {
  const std::string several = "v1,AAAA v2,x " + std::string(kSignature);
  EXPECT_EQ(outcome({kId, kTimestamp, several, kBody}), "accepted");
  const std::string too_many = "v1,A v1,A v1,A v1,A v1,A v1,A v1,A v1,A " + std::string(kSignature);
  EXPECT_EQ(outcome({kId, kTimestamp, too_many, kBody}), "bad-signature");
}

TEST(WebhookSignature, one_of_several_secrets_is_enough) {
  const std::array secrets = {WebhookSecret::parse(WebhookSecret::fresh()).value(),
                              WebhookSecret::parse(kSecret).value()};
  EXPECT_TRUE(verify_webhook({kId, kTimestamp, kSignature, kBody}, secrets, kAt).has_value());
}

TEST(WebhookSignature, the_clock_bounds_replay_to_five_minutes) {
  EXPECT_EQ(outcome({kId, kTimestamp, kSignature, kBody}, kAt + kWebhookTolerance), "accepted");
  EXPECT_EQ(outcome({kId, kTimestamp, kSignature, kBody}, kAt + kWebhookTolerance + Duration::micros(1)), "too-old");
  EXPECT_EQ(outcome({kId, kTimestamp, kSignature, kBody}, kAt - kWebhookTolerance), "accepted");
  EXPECT_EQ(outcome({kId, kTimestamp, kSignature, kBody}, kAt - kWebhookTolerance - Duration::micros(1)), "too-new");
}

TEST(WebhookSignature, headers_have_one_spelling) {
  for (const char* timestamp : {"", "+1614265330", " 1614265330", "1614265330.0", "99999999999999999999", "-1"}) {
    EXPECT_EQ(outcome({kId, timestamp, kSignature, kBody}), "headers") << timestamp;
  }
  EXPECT_EQ(outcome({"", kTimestamp, kSignature, kBody}), "headers");
  EXPECT_EQ(outcome({"a.b", kTimestamp, kSignature, kBody}), "headers");
  EXPECT_EQ(outcome({kId, kTimestamp, "", kBody}), "headers");
}

TEST(WebhookSecret, has_24_to_64_bytes) {
  EXPECT_TRUE(WebhookSecret::parse(WebhookSecret::fresh()).has_value());
  for (const char* text : {"", "whsec_", "whsec_c2hvcnQ=", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_???"}) {
    EXPECT_EQ(WebhookSecret::parse(text).error().code, ErrorCode::kInvalid) << text;
  }
}

}  // namespace
}  // namespace doorbuster::auth
