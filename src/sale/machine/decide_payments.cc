// Money: starting a payment for a hold, hearing what became of it, and sending back what came too late.
#include <array>

#include "base/bug_zoo.h"
#include "sale/machine/answers.h"
#include "sale/machine/decide.h"
#include "sale/machine/due.h"

namespace doorbuster::sale {
namespace {

// How many other holds of its customer are over for which a payment was started.
uint32_t abandoned_payments_of(const State& state, const Hold& hold) {
  uint32_t abandoned = 0;
  for (uint32_t slot = state.newest_hold_of(SaleNumber(hold.sale), hold.customer); slot != kNoSlot;
       slot = state.hold_at(slot).older_of_customer) {
    abandoned += is_over(state.hold_at(slot)) && state.hold_at(slot).attempts > 0;
  }
  return abandoned;
}

}  // namespace

Reply decide(const StartPayment& command, Step& step) {
  expire_if_due(command.hold, step);
  const Hold* hold = step.state.find_hold(command.hold);
  if (!is_owned(hold, command.customer)) return answer(step.state, Outcome::kNotFound, {});
  if (has_short_retention(step.state.sale_at(hold->sale)))
    return answer_hold(step.state, Outcome::kNothingToPay, command.hold.slot);
  const Idempotency& asked = command.idempotency;
  const auto started = asked.key == 0 ? std::nullopt : step.state.payment_fingerprint(command.hold.slot, asked.key);
  if (started) {
    const bool same = *started == static_cast<uint32_t>(asked.fingerprint);
    return answer_hold(step.state, same ? Outcome::kAlready : Outcome::kKeyReused, command.hold.slot);
  }
  if (hold->state != HoldState::kHeld) {
    // free, held, paying, sold, released, expired
    static constexpr std::array kAnswers = {Outcome::kNotFound, Outcome::kDone,     Outcome::kAlready,
                                            Outcome::kAlready,  Outcome::kReleased, Outcome::kExpired};
    static_assert(kAnswers.size() == static_cast<size_t>(last_of(HoldState{})) + 1);
    return answer_hold(step.state, kAnswers[static_cast<size_t>(hold->state)], command.hold.slot);
  }
  if (hold->attempts == kMaxPaymentAttempts || abandoned_payments_of(step.state, *hold) >= kMaxAbandonedPayments) {
    return answer_hold(step.state, Outcome::kTooManyAttempts, command.hold.slot);
  }
  record(PaymentStarted{SaleNumber(hold->sale), command.hold, command.customer,
                        static_cast<uint8_t>(hold->attempts + 1), asked},
         step);
  return answer_hold(step.state, Outcome::kDone, command.hold.slot);
}

Reply decide(const SettlePayment& command, Step& step) {
  expire_if_due(command.hold, step);
  const Hold* hold = step.state.find_hold(command.hold);
  if (hold == nullptr || command.attempt == 0 || command.attempt > hold->attempts)
    return answer(step.state, Outcome::kNotFound, {});
  const SaleNumber sale(hold->sale);
  const uint8_t bit = attempt_bit(command.attempt);
  const bool lives = hold->state == HoldState::kHeld || hold->state == HoldState::kPaying;
  const uint32_t slot = command.hold.slot;
  if ((hold->succeeded & bit) != 0) return answer_hold(step.state, Outcome::kAlready, slot);

  if (command.result == PaymentResult::kSucceeded) {
    // Money for a unit that is still this customer's buys it, even if the provider called the same payment failed
    // before.
    if (lives || bug_planted(Bug::kLatePaymentResells)) {
      record(PaymentSucceeded{sale, command.hold, command.attempt, command.reference}, step);
    } else {
      record(PaymentLate{sale, command.hold, command.attempt, command.reference}, step);
    }
    return answer_hold(step.state, Outcome::kDone, slot);
  }
  if ((hold->failed & bit) != 0) return answer_hold(step.state, Outcome::kAlready, slot);
  record(PaymentFailed{sale, command.hold, command.attempt, command.reference}, step);
  expire_if_due(command.hold, step);
  return answer_hold(step.state, Outcome::kDone, slot);
}

Reply decide(const SettleRefund& command, Step& step) {
  const Hold* hold = step.state.find_hold(command.hold);
  if (hold == nullptr || command.attempt == 0 || command.attempt > hold->attempts)
    return answer(step.state, Outcome::kNotFound, {});
  const SaleNumber sale(hold->sale);
  const uint8_t bit = attempt_bit(command.attempt);
  if ((hold->refunded & bit) != 0) return answer_hold(step.state, Outcome::kAlready, command.hold.slot);
  if ((refunds_due(*hold) & bit) == 0) return answer_hold(step.state, Outcome::kWrongState, command.hold.slot);
  record(RefundDone{sale, command.hold, command.attempt, command.reference}, step);
  return answer_hold(step.state, Outcome::kDone, command.hold.slot);
}

}  // namespace doorbuster::sale
