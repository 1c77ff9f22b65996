// What the events of payments do to the state: money in time buys the unit, any other is remembered until it is back.
#include "sale/machine/money.h"
#include "sale/machine/state.h"
#include "sale/machine/take_unit.h"

namespace doorbuster::sale {

void State::apply(const PaymentStarted& event, Timestamp) {
  Hold& hold = live(event.hold);
  ASSERT(hold.state == HoldState::kHeld && event.attempt == hold.attempts + 1 && event.attempt <= kMaxPaymentAttempts);
  if (hold.payment_key != 0) {
    older_payments_of(event.hold.slot)[event.hold.slot].push_back({hold.payment_key, hold.payment_fingerprint});
  }
  hold.attempts = event.attempt;
  hold.payment_key = event.idempotency.key;
  hold.payment_fingerprint = static_cast<uint32_t>(event.idempotency.fingerprint);
  hold.state = HoldState::kPaying;
  settle_entry(hold, EntryState::kPaying);
  take(sale_of(hold).held, sale_of(hold).paying);
}

void State::apply(const PaymentSucceeded& event, Timestamp at) {
  Hold& hold = live(event.hold);
  Sale& sale = sale_of(hold);
  ASSERT(hold.state == HoldState::kHeld || hold.state == HoldState::kPaying);
  take(hold.state == HoldState::kHeld ? sale.held : sale.paying, sale.sold);
  hold.state = HoldState::kSold;
  hold.sold_by_attempt = event.attempt;
  bought_with_[event.hold.slot] = payment_identity(event.reference);
  hold.succeeded |= attempt_bit(event.attempt);
  settle_entry(hold, EntryState::kBought);
  note_moments(sale, at);
}

void State::apply(const PaymentFailed& event, Timestamp) {
  Hold& hold = live(event.hold);
  hold.failed |= attempt_bit(event.attempt);
  if (hold.state != HoldState::kPaying) return;
  ASSERT(event.attempt == hold.attempts);  // the next payment starts only when the one before has failed
  hold.state = HoldState::kHeld;
  settle_entry(hold, EntryState::kHolding);
  take(sale_of(hold).paying, sale_of(hold).held);
}

void State::apply(const PaymentLate& event, Timestamp) {
  Hold& hold = live(event.hold);
  ASSERT(hold.state != HoldState::kHeld && hold.state != HoldState::kPaying);
  ASSERT((hold.succeeded & attempt_bit(event.attempt)) == 0);
  hold.succeeded |= attempt_bit(event.attempt);
  Sale& sale = sale_of(hold);
  ++sale.refunds_due;
  known_money_[{event.sale.value(), event.hold.packed(), event.attempt, payment_identity(event.reference)}] = {
      price_of(sale.settings), MoneyState::kByAttempt};
}

void State::apply(const RefundDone& event, Timestamp) {
  Hold& hold = live(event.hold);
  ASSERT((refunds_due(hold) & attempt_bit(event.attempt)) != 0 && sale_of(hold).refunds_due > 0);
  hold.refunded |= attempt_bit(event.attempt);
  --sale_of(hold).refunds_due;
}

void State::apply(const MoneyUnexpected& event, Timestamp) {
  const MoneyKey key{event.sale.value(), event.hold.packed(), event.attempt, payment_identity(event.reference)};
  ASSERT(was_hold(event.hold) && known_money_.try_emplace(key, KnownMoney{event.paid}).second);
  if (find_sale(event.sale) != nullptr) ++sale_of(event.sale).refunds_due;
}

void State::apply(const MoneyReturned& event, Timestamp) {
  const auto found = known_money_.find({event.sale.value(), event.hold.packed(), event.attempt, event.payment});
  ASSERT(found != known_money_.end() && found->second.state == MoneyState::kDue);
  found->second.state = MoneyState::kReturned;
  if (find_sale(event.sale) == nullptr) return;
  Sale& sale = sale_of(event.sale);
  ASSERT(sale.refunds_due > 0);
  --sale.refunds_due;
}

}  // namespace doorbuster::sale
