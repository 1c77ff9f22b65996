// The port to whoever takes the money.
//
// All calls are asynchronous and bounded in time. A time-out is not a failure: the provider may have acted, so the
// outcome is kUnknown, and the caller asks again with the same idempotency key, or queries, until it knows. Whether a
// customer paid is told by the provider's event (payment_event.h), never by the answer to start().
#pragma once

#include <array>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/annotations.h"
#include "base/money.h"
#include "base/trace.h"

namespace doorbuster::platform {

// What a call to the provider came to.
enum class PaymentOutcome {
  kDone,         // the provider took the request on
  kRefused,      // the provider said no, for good; `reason` is its own
  kUnavailable,  // surely nothing reached the provider: as if the call had not been made
  kUnknown,      // it may have reached the provider, or not
};
inline constexpr std::array<std::string_view, 4> kPaymentOutcomeNames = {"done", "refused", "unavailable", "unknown"};

// What a provider says of a payment when it is asked.
enum class PaymentState { kPending, kSucceeded, kFailed };
inline constexpr std::array<std::string_view, 3> kPaymentStateNames = {"pending", "succeeded", "failed"};

struct PaymentStart {
  std::string order;  // our public id of the order (of further attempts with a suffix); the provider knows it by that
  Money price;
  std::string description;  // what the customer reads on the provider's page
  std::string return_url;   // where the provider sends the customer afterwards
  std::string
      idempotency_key;  // the same key never starts a second payment; 1 to 128 letters, digits, '_', '-', ':', '/'
  Annotations annotations = {};            // of the order
  std::optional<TraceContext> trace = {};  // of the request because of which it is called; a new one without it
};

struct PaymentStartReply {
  PaymentOutcome outcome = PaymentOutcome::kUnknown;
  std::string payment = {};       // the provider's id
  std::string redirect_url = {};  // where the customer pays
  std::string reason = {};        // for people, unless done
};

struct PaymentRefund {
  std::string order;
  Money amount;
  std::string reason;
  std::string idempotency_key;
  std::string payment = {};  // the provider's id of the money to send back
  std::optional<TraceContext> trace = {};
};

struct PaymentRefundReply {
  PaymentOutcome outcome = PaymentOutcome::kUnknown;  // done: the provider will refund, and tell by an event
  std::string reason = {};
};

struct PaymentQuery {
  std::string order;
  std::optional<TraceContext> trace = {};
};

struct PaymentStatus {
  PaymentOutcome outcome = PaymentOutcome::kUnknown;  // refused: the provider knows no payment for this order
  PaymentState state = PaymentState::kPending;
  std::string payment = {};
  std::optional<Money> paid = {};  // if it succeeded, and the provider has said how much came
  std::string redirect_url = {};
  std::string reason = {};
};

// For use from any number of threads. Callbacks come on a thread of the provider's, or before the call returns; each
// comes exactly once, at the latest when the provider is destroyed.
class PaymentProvider {
 public:
  virtual ~PaymentProvider() = default;
  virtual void start(const PaymentStart& payment, std::function<void(PaymentStartReply)> done) = 0;
  virtual void refund(const PaymentRefund& refund, std::function<void(PaymentRefundReply)> done) = 0;
  virtual void query(const PaymentQuery& query, std::function<void(PaymentStatus)> done) = 0;
};

}  // namespace doorbuster::platform
