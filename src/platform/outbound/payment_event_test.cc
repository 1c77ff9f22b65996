#include "platform/outbound/payment_event.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "base/file.h"
#include "platform/outbound/payment_messages.h"
#include "platform/outbound/payment_secret.h"

namespace doorbuster::platform {
namespace {

using ::testing::HasSubstr;

constexpr std::string_view kSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const Timestamp kNow = parse_rfc3339("2026-11-27T10:00:00Z").value();
const PaymentEvent kEvent{.id = "evt_1",
                          .type = PaymentEventType::kPaymentSucceeded,
                          .order = "order-1",
                          .payment = "pay_1",
                          .amount = {.amount = 49'900, .currency = Currency("USD")},
                          .occurred_at = kNow,
                          .reason = {}};

tl::expected<PaymentEvent, PaymentEventRefusal> read(std::string_view body, Timestamp now = kNow) {
  const auth::WebhookSecret secret = auth::WebhookSecret::parse(kSecret).value();
  const std::string signature = secret.sign("evt_1", kNow, body);
  const std::string timestamp = std::to_string(kNow.micros() / 1'000'000);
  return read_payment_event({"evt_1", timestamp, signature, body}, std::span(&secret, 1), now);
}

TEST(PaymentEvent, is_read_as_it_was_written) {
  const auto event = read(write_payment_event(kEvent));
  ASSERT_TRUE(event.has_value());
  EXPECT_EQ(event->id, "evt_1");
  EXPECT_EQ(event->type, PaymentEventType::kPaymentSucceeded);
  EXPECT_EQ(event->order, "order-1");
  EXPECT_EQ(event->amount, kEvent.amount);
  EXPECT_EQ(event->occurred_at, kNow);
}

TEST(PaymentEvent, has_the_documented_body) {
  EXPECT_EQ(
      write_payment_event(kEvent),
      R"({"type":"payment.succeeded","order":"order-1","payment":"pay_1","amount":{"amount":49900,"currency":"USD"},)"
      R"("occurred_at":"2026-11-27T10:00:00.000Z"})");
}

TEST(PaymentEvent, an_unsigned_or_stale_one_is_not_even_read) {
  const auth::WebhookSecret secret = auth::WebhookSecret::parse(kSecret).value();
  const auto unsigned_one = read_payment_event({"evt_1", "1", "v1,AAAA", "{"}, std::span(&secret, 1), kNow);
  EXPECT_TRUE(unsigned_one.error().unauthorised);
  EXPECT_TRUE(read(write_payment_event(kEvent), kNow + Duration::seconds(301)).error().unauthorised);
}

TEST(PaymentEvent, a_wrong_body_is_refused_with_its_place) {
  const auto refused =
      read(R"({"type":"payment.maybe","order":"o","payment":"p","amount":{"amount":1,"currency":"usd"},"x":1})");
  ASSERT_FALSE(refused.has_value());
  EXPECT_FALSE(refused.error().unauthorised);
  EXPECT_THAT(refused.error().message, HasSubstr("/type: 'payment.maybe' is not known"));
  EXPECT_THAT(refused.error().message, HasSubstr("unknown member /x"));
}

TEST(PaymentMessages, start_and_refund_are_read_as_they_were_written) {
  const PaymentStart start{.order = "o",
                           .price = kEvent.amount,
                           .description = "d \"x\"",
                           .return_url = "http://a/b",
                           .idempotency_key = "k"};
  const auto read_back = read_payment_start(write_payment_start(start, "https://c/d"));
  ASSERT_TRUE(read_back.has_value()) << read_back.error().message;
  EXPECT_EQ(read_back->payment.description, "d \"x\"");
  EXPECT_EQ(read_back->callback_url, "https://c/d");

  const auto refund = read_payment_refund(
      write_payment_refund({.order = "o", .amount = kEvent.amount, .reason = "late", .idempotency_key = "k"}));
  ASSERT_TRUE(refund.has_value());
  EXPECT_EQ(refund->reason, "late");
  EXPECT_FALSE(read_payment_start(
      write_payment_refund({.order = "o", .amount = kEvent.amount, .reason = {}, .idempotency_key = "k"})));
}

TEST(PaymentMessages, only_web_addresses_are_gone_to) {
  EXPECT_TRUE(is_web_address("https://pay.example/a?b=c#d"));
  for (const char* url : {"", "ftp://a", "javascript:alert(1)", "https://a b", "https://a\n", "https://\"", "//a"}) {
    EXPECT_FALSE(is_web_address(url)) << url;
  }
}

TEST(PaymentSecret, is_made_once_and_found_again) {
  const auto path = std::filesystem::path(::testing::TempDir()) / ("payment_secret-" + std::to_string(::getpid()));
  std::filesystem::remove(path);
  const std::string first = payment_secret(path).value();
  EXPECT_EQ(payment_secret(path).value(), first);
  ASSERT_TRUE(replace_file(path, "junk", 0600).has_value());
  EXPECT_THAT(payment_secret(path).error().message, HasSubstr("whsec_"));
  std::filesystem::remove(path);
}

}  // namespace
}  // namespace doorbuster::platform
