// Money: starting a payment for a hold, hearing what became of it, and sending back what came too late.
#include <array>

#include "base/bug_zoo.h"
#include "sale/machine/record.h"

namespace doorbuster::sale {

// How many other holds of its customer are over for which a payment was started.
uint32_t Machine::vain_payments_of(const Hold& hold) const {
  uint32_t vain = 0;
  for (uint32_t slot = state_.newest_hold_of(SaleNumber(hold.sale), hold.customer); slot != kNoSlot;
       slot = state_.hold_at(slot).older_of_customer) {
    vain += is_over(state_.hold_at(slot)) && state_.hold_at(slot).attempts > 0;
  }
  return vain;
}

Reply Machine::on(const StartPayment& command, Step& step) {
  expire_if_due(command.hold, step);
  const Hold* hold = state_.find_hold(command.hold);
  if (!is_owned(hold, command.customer)) return answer(Outcome::kNotFound, {});
  if (forgets_soon(state_.sale_at(hold->sale))) return answer_hold(Outcome::kNothingToPay, command.hold.slot);
  const Idempotency& asked = command.idempotency;
  const auto started = asked.key == 0 ? std::nullopt : state_.payment_fingerprint(command.hold.slot, asked.key);
  if (started) {
    const bool same = *started == static_cast<uint32_t>(asked.fingerprint);
    return answer_hold(same ? Outcome::kAlready : Outcome::kKeyReused, command.hold.slot);
  }
  if (hold->state != HoldState::kHeld) {
    // free, held, paying, sold, released, expired
    static constexpr std::array kAnswers = {Outcome::kNotFound, Outcome::kDone,     Outcome::kAlready,
                                            Outcome::kAlready,  Outcome::kReleased, Outcome::kExpired};
    static_assert(kAnswers.size() == static_cast<size_t>(last_of(HoldState{})) + 1);
    return answer_hold(kAnswers[static_cast<size_t>(hold->state)], command.hold.slot);
  }
  if (hold->attempts == kMaxPaymentAttempts || vain_payments_of(*hold) >= kMaxVainPayments) {
    return answer_hold(Outcome::kTooManyAttempts, command.hold.slot);
  }
  record(PaymentStarted{SaleNumber(hold->sale), command.hold, command.customer,
                        static_cast<uint8_t>(hold->attempts + 1), asked},
         step);
  return answer_hold(Outcome::kDone, command.hold.slot);
}

Reply Machine::on(const SettlePayment& command, Step& step) {
  expire_if_due(command.hold, step);
  const Hold* hold = state_.find_hold(command.hold);
  if (hold == nullptr || command.attempt == 0 || command.attempt > hold->attempts)
    return answer(Outcome::kNotFound, {});
  const SaleNumber sale(hold->sale);
  const uint8_t bit = attempt_bit(command.attempt);
  const bool lives = hold->state == HoldState::kHeld || hold->state == HoldState::kPaying;
  const uint32_t slot = command.hold.slot;
  if ((hold->succeeded & bit) != 0) return answer_hold(Outcome::kAlready, slot);

  if (command.result == PaymentResult::kSucceeded) {
    // Money for a unit that is still this customer's buys it, even if the provider called the same payment failed
    // before.
    if (lives || bug_planted(Bug::kLatePaymentResells)) {
      record(PaymentSucceeded{sale, command.hold, command.attempt, command.reference}, step);
    } else {
      record(PaymentLate{sale, command.hold, command.attempt, command.reference}, step);
    }
    return answer_hold(Outcome::kDone, slot);
  }
  if ((hold->failed & bit) != 0) return answer_hold(Outcome::kAlready, slot);
  record(PaymentFailed{sale, command.hold, command.attempt, command.reference}, step);
  expire_if_due(command.hold, step);
  return answer_hold(Outcome::kDone, slot);
}

Reply Machine::on(const SettleRefund& command, Step& step) {
  const Hold* hold = state_.find_hold(command.hold);
  if (hold == nullptr || command.attempt == 0 || command.attempt > hold->attempts)
    return answer(Outcome::kNotFound, {});
  const SaleNumber sale(hold->sale);
  const uint8_t bit = attempt_bit(command.attempt);
  if ((hold->refunded & bit) != 0) return answer_hold(Outcome::kAlready, command.hold.slot);
  if ((refunds_due(*hold) & bit) == 0) return answer_hold(Outcome::kWrongState, command.hold.slot);
  record(RefundDone{sale, command.hold, command.attempt, command.reference}, step);
  return answer_hold(Outcome::kDone, command.hold.slot);
}

}  // namespace doorbuster::sale
