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

Reply answer_money(const State& state, Outcome outcome, HoldNumber hold, SaleNumber sale) {
  return state.find_hold(hold) == nullptr ? answer(state, outcome, sale) : answer_hold(state, outcome, hold.slot);
}

MoneyUnexpected unexpected(const SettlePayment& command, SaleNumber sale, MoneyReason reason) {
  return {sale, command.hold, command.attempt, reason, command.paid, command.reference, command.named};
}

// Money for a hold that is remembered. All that was asked for, for a unit that is still this customer's, buys it, even
// if the provider called the same payment failed before. Any other has to go back, and of what was not paid as asked
// the attempt has failed.
Reply take_money(const SettlePayment& command, const Hold& hold, Step& step) {
  const SaleNumber sale(hold.sale);
  const uint32_t slot = command.hold.slot;
  const uint8_t bit = attempt_bit(command.attempt);
  const bool lives = hold.state == HoldState::kHeld || hold.state == HoldState::kPaying;
  const MoneyKey key{hold.sale, command.hold.packed(), command.attempt, payment_identity(command.reference)};
  if (step.state.is_known(slot, key)) return answer_hold(step.state, Outcome::kAlready, slot);
  const bool is_as_asked = command.paid == price_of(step.state.sale_at(hold.sale).settings);
  if (!is_as_asked && !bug_planted(Bug::kAmountNotLookedAt)) {
    const bool is_open = lives && (hold.failed & bit) == 0;
    record(unexpected(command, sale, MoneyReason::kAnotherAmount), step);
    if (is_open) record(PaymentFailed{sale, command.hold, command.attempt, command.reference}, step);
    expire_if_due(command.hold, step);
  } else if ((hold.succeeded & bit) != 0) {
    if (bug_planted(Bug::kSecondPaymentForgotten)) return answer_hold(step.state, Outcome::kAlready, slot);
    record(unexpected(command, sale, MoneyReason::kSecondPayment), step);
  } else if (lives || bug_planted(Bug::kLatePaymentResells)) {
    record(PaymentSucceeded{sale, command.hold, command.attempt, command.reference}, step);
  } else {
    record(PaymentLate{sale, command.hold, command.attempt, command.reference, command.named}, step);
  }
  return answer_hold(step.state, Outcome::kDone, slot);
}

// Money for a hold that is forgotten: it was over, and had brought none; or it went with its sale into the archive,
// which whoever asks has to know. While a sale is on its way there, it can't be told: the provider will ask again.
Reply settle_without_hold(const SettlePayment& command, Step& step) {
  const State& state = step.state;
  const Sale* sale = state.find_sale(command.sale);
  const bool can_be_told = sale != nullptr
                               ? !sale->archived && !has_short_retention(*sale)
                               : state.archived_id(command.sale) != nullptr && command.is_unknown_to_archive;
  const bool is_money = command.result == PaymentResult::kSucceeded && command.attempt >= 1 &&
                        command.attempt <= kMaxPaymentAttempts && state.was_hold(command.hold);
  if (!can_be_told || !is_money || bug_planted(Bug::kForgottenHoldsMoney)) return answer(state, Outcome::kNotFound, {});
  const MoneyKey key{command.sale.value(), command.hold.packed(), command.attempt, payment_identity(command.reference)};
  if (state.find_money(key) != nullptr) return answer(state, Outcome::kAlready, command.sale);
  record(unexpected(command, command.sale, MoneyReason::kNothingIsLeft), step);
  return answer(state, Outcome::kDone, command.sale);
}

Reply return_money(const SettleRefund& command, const MoneyKey& key, const KnownMoney& money, Step& step) {
  const SaleNumber sale(key.sale);
  const auto answer_with = [&](Outcome outcome) { return answer_money(step.state, outcome, command.hold, sale); };
  if (money.state == MoneyState::kReturned) return answer_with(Outcome::kAlready);
  if (command.amount.value_or(money.paid) != money.paid) return answer_with(Outcome::kWrongState);
  record(MoneyReturned{sale, command.hold, command.attempt, key.payment, command.reference}, step);
  return answer_with(Outcome::kDone);
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
                        static_cast<uint8_t>(hold->attempts + 1), asked, PaymentName::kByOrder},
         step);
  return answer_hold(step.state, Outcome::kDone, command.hold.slot);
}

Reply decide(const SettlePayment& command, Step& step) {
  expire_if_due(command.hold, step);
  const Hold* hold = step.state.find_hold(command.hold);
  if (hold == nullptr) return settle_without_hold(command, step);
  if (command.attempt == 0 || command.attempt > hold->attempts) return answer(step.state, Outcome::kNotFound, {});
  const uint8_t bit = attempt_bit(command.attempt);
  const uint32_t slot = command.hold.slot;
  if (command.result == PaymentResult::kSucceeded) return take_money(command, *hold, step);
  if (((hold->succeeded | hold->failed) & bit) != 0) return answer_hold(step.state, Outcome::kAlready, slot);
  record(PaymentFailed{SaleNumber(hold->sale), command.hold, command.attempt, command.reference}, step);
  expire_if_due(command.hold, step);
  return answer_hold(step.state, Outcome::kDone, slot);
}

Reply decide(const SettleRefund& command, Step& step) {
  const Hold* hold = step.state.find_hold(command.hold);
  const SaleNumber sale = hold == nullptr ? command.sale : SaleNumber(hold->sale);
  const MoneyKey key{sale.value(), command.hold.packed(), command.attempt, payment_identity(command.reference)};
  const KnownMoney* money = step.state.find_money(key);
  if (money != nullptr && money->state != MoneyState::kByAttempt) return return_money(command, key, *money, step);
  if (hold == nullptr || command.attempt == 0 || command.attempt > hold->attempts)
    return answer(step.state, Outcome::kNotFound, {});
  const uint8_t bit = attempt_bit(command.attempt);
  if ((hold->refunded & bit) != 0) return answer_hold(step.state, Outcome::kAlready, command.hold.slot);
  const Money price = price_of(step.state.sale_at(hold->sale).settings);
  const bool is_all_of_it = command.amount.value_or(price) == price;
  if ((refunds_due(*hold) & bit) == 0 || !is_all_of_it)
    return answer_hold(step.state, Outcome::kWrongState, command.hold.slot);
  record(RefundDone{sale, command.hold, command.attempt, command.reference}, step);
  return answer_hold(step.state, Outcome::kDone, command.hold.slot);
}

}  // namespace doorbuster::sale
