// What a payment provider tells us: signed events to POST /api/v1/payments/events (docs/payment-protocol.md).
#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>

#include "auth/webhook_signature.h"
#include "base/money.h"
#include "base/time.h"

namespace doorbuster::platform {

// What a provider tells of a payment by itself.
enum class PaymentEventType { kPaymentSucceeded, kPaymentFailed, kRefundSucceeded, kRefundFailed };
inline constexpr std::array<std::string_view, 4> kPaymentEventTypeNames = {"payment.succeeded", "payment.failed",
                                                                           "refund.succeeded", "refund.failed"};

struct PaymentEvent {
  std::string id;  // of the event: the same on every repetition of it
  PaymentEventType type = PaymentEventType::kPaymentFailed;
  std::string order;
  std::string payment;  // the provider's id
  Money amount;
  Timestamp occurred_at;
  std::string reason;  // of a failure; for people
};

struct PaymentEventRefusal {
  bool unauthorised;    // 401; otherwise the body is wrong: 400
  std::string message;  // what is wrong and what to do
};

// Believes nothing before the signature is checked.
[[nodiscard]] tl::expected<PaymentEvent, PaymentEventRefusal> read_payment_event(
    const auth::SignedMessage& message, std::span<const auth::WebhookSecret> secrets, Timestamp now);

// The body of an event, as a provider writes it.
[[nodiscard]] std::string write_payment_event(const PaymentEvent& event);

}  // namespace doorbuster::platform
