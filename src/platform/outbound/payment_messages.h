// The bodies that we and a payment provider exchange (docs/payment-protocol.md), written by one side and read by the
// other.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "platform/outbound/payment.h"

namespace doorbuster::platform {

inline constexpr std::string_view kPaymentStartType = "payment.start";
inline constexpr std::string_view kPaymentRefundType = "payment.refund";

[[nodiscard]] std::string write_payment_start(const PaymentStart& payment, std::string_view callback_url);
[[nodiscard]] std::string write_payment_refund(const PaymentRefund& refund);

struct PaymentStartMessage {
  PaymentStart payment;  // without its idempotency key, which is the message's webhook-id
  std::string callback_url;
};
[[nodiscard]] Result<PaymentStartMessage> read_payment_start(std::string_view body);
[[nodiscard]] Result<PaymentRefund> read_payment_refund(std::string_view body);

// A GET has no body; this stands in for one when it is signed.
[[nodiscard]] std::string signed_get(std::string_view path);

// An answer to a start or a query. A provider may say more than we know.
struct PaymentAnswer {
  std::string payment;
  PaymentState state = PaymentState::kPending;
  std::string redirect_url;          // http or https
  std::optional<Money> amount = {};  // that was asked for, or, once it has succeeded, that was paid
};
[[nodiscard]] std::string write_payment_answer(const PaymentAnswer& answer);
[[nodiscard]] Result<PaymentAnswer> read_payment_answer(std::string_view body);

// Whether a browser may be sent there: http or https, at most 2,048 visible ASCII characters.
[[nodiscard]] bool is_web_address(std::string_view url);

}  // namespace doorbuster::platform
