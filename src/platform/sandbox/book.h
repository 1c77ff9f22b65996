// The sandbox's payments: a pure state machine, without network and clock. It forgets everything with its process.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "platform/outbound/payment_event.h"
#include "platform/outbound/payment_messages.h"
#include "platform/sandbox/settings.h"

namespace doorbuster::platform {

struct SandboxPayment {
  std::string id;
  PaymentStart start;
  std::string callback_url;
  PaymentState decided = PaymentState::kPending;
  Timestamp settles_at;                                   // when `decided` begins to be true
  std::map<std::string, int64_t, std::less<>> refunds{};  // amounts by idempotency key
  [[nodiscard]] PaymentState state_at(Timestamp now) const {
    return now >= settles_at ? decided : PaymentState::kPending;
  }
};

// An event to be sent to `url`, `delay` from now, `copies` times.
struct SandboxCallback {
  std::string url;
  PaymentEvent event;
  Duration delay;
  int64_t copies = 1;
  std::optional<TraceContext> trace = {};  // of what the shop asked for
};

// What a person chose on the page.
enum class SandboxChoice { kPay, kDecline, kPayLate };
inline constexpr std::array<std::string_view, 3> kSandboxChoiceNames = {"pay", "decline", "pay-late"};

class SandboxBook {
 public:
  static constexpr size_t kPaymentsMax = 100'000;  // the oldest is forgotten first

  // The payment of the order: a new one, or the one that is there (the same key again, or a payment that is not
  // failed). A failed one is begun anew. kConflict if the order is there with another price.
  [[nodiscard]] Result<const SandboxPayment*> start(PaymentStartMessage message, std::string_view fresh_id);

  [[nodiscard]] const SandboxPayment* by_id(std::string_view id) const;
  [[nodiscard]] const SandboxPayment* by_order(std::string_view order) const;
  // Newest first.
  [[nodiscard]] std::vector<const SandboxPayment*> latest(size_t count) const;

  // The event that follows from the choice. kConflict if the payment was decided before; kNotFound.
  [[nodiscard]] Result<SandboxCallback> choose(std::string_view id, SandboxChoice choice, const SandboxSettings& dials,
                                               Timestamp now);

  // The event that follows; under the same idempotency key the same one again. kNotFound when the order has no payment,
  // kConflict when it was not paid, kInvalid when more is asked for than is left of what was paid.
  [[nodiscard]] Result<SandboxCallback> refund(const PaymentRefund& refund, const SandboxSettings& dials,
                                               Timestamp now);

 private:
  std::map<std::string, SandboxPayment, std::less<>> by_order_;
  std::map<std::string, std::string, std::less<>> order_of_;  // by payment id
  std::deque<std::string> arrivals_;                          // orders, oldest first
};

}  // namespace doorbuster::platform
