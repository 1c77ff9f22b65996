#include "platform/sandbox/book.h"

#include "base/assert.h"
#include "base/crypto.h"
#include "base/encoding.h"

namespace doorbuster::platform {
namespace {

// The same for the same cause, so that a receiver recognises a repetition.
std::string event_id(const SandboxPayment& payment, PaymentEventType type, std::string_view cause) {
  const std::string what = payment.id + "/" + std::to_string(static_cast<int>(type)) + "/" + std::string(cause);
  return "evt_" + to_hex(Bytes(sha256(as_bytes(what))).first(12));
}

SandboxCallback event_of(const SandboxPayment& payment, PaymentEventType type, std::string_view cause,
                         const SandboxSettings& dials, Timestamp at) {
  SandboxCallback callback;
  callback.url = payment.callback_url;
  callback.event = {.id = event_id(payment, type, cause),
                    .type = type,
                    .order = payment.start.order,
                    .payment = payment.id,
                    .amount = payment.start.price,
                    .occurred_at = at,
                    .reason = {}};
  callback.delay = Duration::millis(dials.callback_delay_ms);
  callback.copies = dials.callback_copies;
  callback.trace = payment.start.trace;
  return callback;
}

// What would be refunded in all, with this refund.
int64_t refunded_with(const SandboxPayment& payment, const PaymentRefund& refund) {
  int64_t total = refund.amount.amount;
  for (const auto& [key, amount] : payment.refunds) total += key == refund.idempotency_key ? 0 : amount;
  return total;
}

}  // namespace

Result<const SandboxPayment*> SandboxBook::start(PaymentStartMessage message, std::string_view fresh_id) {
  const std::string order = message.payment.order;
  if (const auto found = by_order_.find(order); found != by_order_.end()) {
    if (found->second.start.price != message.payment.price) {
      return fail(ErrorCode::kConflict, "this order has a payment of another amount already");
    }
    if (found->second.decided != PaymentState::kFailed) return &found->second;
    order_of_.erase(found->second.id);
    found->second = {
        .id = std::string(fresh_id), .start = message.payment, .callback_url = message.callback_url, .settles_at = {}};
    order_of_.emplace(fresh_id, order);
    return &found->second;
  }
  if (arrivals_.size() >= kPaymentsMax) {
    const auto oldest = by_order_.find(arrivals_.front());
    ASSERT(oldest != by_order_.end());
    order_of_.erase(oldest->second.id);
    by_order_.erase(oldest);
    arrivals_.pop_front();
  }
  arrivals_.push_back(order);
  order_of_.emplace(fresh_id, order);
  SandboxPayment payment{.id = std::string(fresh_id),
                         .start = std::move(message.payment),
                         .callback_url = std::move(message.callback_url),
                         .settles_at = {}};
  return &by_order_.emplace(order, std::move(payment)).first->second;
}

const SandboxPayment* SandboxBook::by_order(std::string_view order) const {
  const auto found = by_order_.find(order);
  return found == by_order_.end() ? nullptr : &found->second;
}

const SandboxPayment* SandboxBook::by_id(std::string_view id) const {
  const auto found = order_of_.find(id);
  return found == order_of_.end() ? nullptr : by_order(found->second);
}

std::vector<const SandboxPayment*> SandboxBook::latest(size_t count) const {
  std::vector<const SandboxPayment*> newest;
  for (auto order = arrivals_.rbegin(); order != arrivals_.rend() && newest.size() < count; ++order) {
    newest.push_back(by_order(*order));
  }
  return newest;
}

Result<SandboxCallback> SandboxBook::choose(std::string_view id, SandboxChoice choice, const SandboxSettings& dials,
                                            Timestamp now) {
  const auto order = order_of_.find(id);
  if (order == order_of_.end()) return fail(ErrorCode::kNotFound, "there is no such payment here");
  SandboxPayment& payment = by_order_.find(order->second)->second;
  if (payment.decided != PaymentState::kPending) return fail(ErrorCode::kConflict, "this payment was decided before");
  const bool paid = choice != SandboxChoice::kDecline;
  const Duration late = choice == SandboxChoice::kPayLate ? Duration::millis(dials.late_ms) : Duration();
  payment.decided = paid ? PaymentState::kSucceeded : PaymentState::kFailed;
  payment.settles_at = now + late;
  const auto type = paid ? PaymentEventType::kPaymentSucceeded : PaymentEventType::kPaymentFailed;
  SandboxCallback callback = event_of(payment, type, "", dials, payment.settles_at);
  if (!paid) callback.event.reason = "declined on the sandbox's page";
  callback.delay = callback.delay + late;
  return callback;
}

Result<SandboxCallback> SandboxBook::refund(const PaymentRefund& refund, const SandboxSettings& dials, Timestamp now) {
  const auto found = by_order_.find(refund.order);
  if (found == by_order_.end()) return fail(ErrorCode::kNotFound, "there is no payment for this order");
  SandboxPayment& payment = found->second;
  if (payment.state_at(now) != PaymentState::kSucceeded) return fail(ErrorCode::kConflict, "this order was not paid");
  if (!refund.payment.empty() && refund.payment != payment.id) {
    return fail(ErrorCode::kNotFound, "there is no such payment for this order");
  }
  const Money& paid = payment.start.price;
  if (refund.amount.currency != paid.currency || refunded_with(payment, refund) > paid.amount) {
    return fail(ErrorCode::kInvalid, "refunds are at most what was paid, in its currency");
  }
  if (!dials.refunds_fail) payment.refunds[refund.idempotency_key] = refund.amount.amount;
  const auto type = dials.refunds_fail ? PaymentEventType::kRefundFailed : PaymentEventType::kRefundSucceeded;
  SandboxCallback callback = event_of(payment, type, refund.idempotency_key, dials, now);
  callback.event.amount = refund.amount;
  callback.trace = refund.trace;
  if (dials.refunds_fail) callback.event.reason = "refunds are set to fail";
  return callback;
}

}  // namespace doorbuster::platform
