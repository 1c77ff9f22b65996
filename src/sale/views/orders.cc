#include "sale/views/orders.h"

#include <algorithm>

namespace doorbuster::sale {

void Orders::on(const HoldExpired& event, const EventPlace& place) { settle(event.hold, HoldState::kExpired, place); }

void Orders::on(const HoldReleased& event, const EventPlace& place) { settle(event.hold, HoldState::kReleased, place); }

void Orders::on(const PaymentStarted& event, const EventPlace& place) {
  const uint64_t id = event.hold.packed();
  Order& order = orders_[id];
  if (event.attempt == 1) {
    order = {.hold = event.hold,
             .sale = event.sale,
             .customer = event.customer,
             .started_at = place.at,
             .settled_at = {},
             .reference = {}};
    by_sale_[event.sale].push_back(id);
  }
  order.state = HoldState::kPaying;
  order.attempts = event.attempt;
  open_payments_[{id, event.attempt}] = {event.hold, event.attempt};
}

void Orders::on(const PaymentSucceeded& event, const EventPlace& place) {
  open_payments_.erase({event.hold.packed(), event.attempt});
  settle(event.hold, HoldState::kSold, place);
  if (Order* order = known(event.hold)) order->reference = event.reference;
}

void Orders::on(const PaymentFailed& event, const EventPlace&) {
  open_payments_.erase({event.hold.packed(), event.attempt});
  Order* order = known(event.hold);
  if (order != nullptr && order->state == HoldState::kPaying && order->attempts == event.attempt)
    order->state = HoldState::kHeld;
}

void Orders::on(const PaymentLate& event, const EventPlace&) {
  open_payments_.erase({event.hold.packed(), event.attempt});
  due_refunds_[{event.hold.packed(), event.attempt}] = {event.hold, event.attempt};
  Order* order = known(event.hold);
  if (order == nullptr) return;
  order->refund = RefundState::kDue;
  if (order->state != HoldState::kSold) order->reference = event.reference;
}

void Orders::on(const RefundDone& event, const EventPlace&) {
  due_refunds_.erase({event.hold.packed(), event.attempt});
  Order* order = known(event.hold);
  const auto others = due_refunds_.lower_bound({event.hold.packed(), 0});
  const bool more_due = others != due_refunds_.end() && others->first.first == event.hold.packed();
  if (order != nullptr && !more_due) order->refund = RefundState::kDone;
}

Order* Orders::known(HoldNumber hold) {
  const auto found = orders_.find(hold.packed());
  return found == orders_.end() ? nullptr : &found->second;
}

void Orders::settle(HoldNumber hold, HoldState state, const EventPlace& place) {
  Order* order = known(hold);
  if (order == nullptr) return;
  order->state = state;
  order->settled_at = place.at;
}

const Order* Orders::find(HoldNumber hold) const {
  const auto found = orders_.find(hold.packed());
  return found == orders_.end() ? nullptr : &found->second;
}

size_t Orders::count(SaleNumber sale) const {
  const auto found = by_sale_.find(sale);
  return found == by_sale_.end() ? 0 : found->second.size();
}

std::vector<Order> Orders::page(SaleNumber sale, size_t offset, size_t limit) const {
  std::vector<Order> page;
  const auto found = by_sale_.find(sale);
  if (found == by_sale_.end()) return page;
  const auto& ids = found->second;
  for (size_t i = offset; i < std::min(ids.size(), offset + limit); ++i) page.push_back(orders_.at(ids[i]));
  return page;
}

}  // namespace doorbuster::sale
