#include "sale/views/orders.h"

#include "sale/machine/state.h"

namespace doorbuster::sale {

void Orders::on(const HoldExpired& event, const EventPlace& place) {
  settle(event.sale, event.hold, HoldState::kExpired, place);
}

void Orders::on(const HoldReleased& event, const EventPlace& place) {
  settle(event.sale, event.hold, HoldState::kReleased, place);
}

void Orders::on(const PaymentStarted& event, const EventPlace& place) {
  OrderBook& book = sales_[event.sale];
  Order& order = book.start({.hold = event.hold,
                             .sale = event.sale,
                             .customer = event.customer,
                             .started_at = place.at,
                             .settled_at = {},
                             .reference = {},
                             .annotations = event.annotations});
  book.move(order, HoldState::kPaying);
  order.attempts = event.attempt;
}

void Orders::on(const PaymentSucceeded& event, const EventPlace& place) {
  settle(event.sale, event.hold, HoldState::kSold, place);
  if (Order* order = find(event.sale, event.hold)) order->reference = event.reference;
}

void Orders::on(const PaymentFailed& event, const EventPlace&) {
  Order* order = find(event.sale, event.hold);
  if (order != nullptr && order->state == HoldState::kPaying && order->attempts == event.attempt)
    sales_[event.sale].move(*order, HoldState::kHeld);
}

void Orders::on(const PaymentLate& event, const EventPlace&) {
  owe(event.sale, event.hold, event.attempt, event.reference);
}
void Orders::on(const RefundDone& event, const EventPlace&) { pay_back(event.sale, event.hold, event.attempt); }
void Orders::on(const MoneyUnexpected& event, const EventPlace&) {
  owe(event.sale, event.hold, event.attempt, event.reference);
}
void Orders::on(const MoneyReturned& event, const EventPlace&) { pay_back(event.sale, event.hold, event.attempt); }

void Orders::owe(SaleNumber sale, HoldNumber hold, uint8_t attempt, const std::string& reference) {
  Order* order = find(sale, hold);
  if (order == nullptr) return;
  if ((order->refunds_due & attempt_bit(attempt)) != 0) ++more_due_[hold.packed()][attempt];
  order->refunds_due |= attempt_bit(attempt);
  order->refund = RefundState::kDue;
  if (order->state != HoldState::kSold) order->reference = reference;
}

void Orders::pay_back(SaleNumber sale, HoldNumber hold, uint8_t attempt) {
  Order* order = find(sale, hold);
  if (order == nullptr || has_paid_back_another(hold, attempt)) return;
  order->refunds_due &= static_cast<uint8_t>(~attempt_bit(attempt));
  if (order->refunds_due == 0) order->refund = RefundState::kDone;
}

bool Orders::has_paid_back_another(HoldNumber hold, uint8_t attempt) {
  const auto of_hold = more_due_.find(hold.packed());
  if (of_hold == more_due_.end()) return false;
  const auto of_attempt = of_hold->second.find(attempt);
  if (of_attempt == of_hold->second.end()) return false;
  if (--of_attempt->second == 0) of_hold->second.erase(of_attempt);
  if (of_hold->second.empty()) more_due_.erase(of_hold);
  return true;
}

Order* Orders::find(SaleNumber sale, HoldNumber hold) {
  const auto book = sales_.find(sale);
  return book == sales_.end() ? nullptr : book->second.find(hold);
}

void Orders::settle(SaleNumber sale, HoldNumber hold, HoldState state, const EventPlace& place) {
  Order* order = find(sale, hold);
  if (order == nullptr) return;
  sales_[sale].move(*order, state);
  order->settled_at = place.at;
}

size_t Orders::count(SaleNumber sale) const {
  const auto found = sales_.find(sale);
  return found == sales_.end() ? 0 : found->second.size();
}

OrderPage Orders::page(SaleNumber sale, const OrderFilter& filter, size_t offset, size_t limit) const {
  const auto found = sales_.find(sale);
  return found == sales_.end() ? OrderPage{} : found->second.page(filter, offset, limit);
}

}  // namespace doorbuster::sale
