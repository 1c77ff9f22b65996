#include "sale/views/line.h"

#include <type_traits>

#include "sale/views/slots.h"

namespace doorbuster::sale {

template <class E>
void Line::come(const E& event, Timestamp at) {
  LineEntry& entry = at_slot(entries_, event.entry.slot);
  entry = {.customer = event.customer,
           .number = event.entry,
           .sale = event.sale,
           .joined_at = at,
           .assessment = event.assessment,
           .kind = event.kind,
           .state = EntryState::kWaiting};
  entry.assessment.is_delayed = std::is_same_v<E, JoinDelayed>;
}

void Line::arrive(SaleNumber sale, EntryNumber entry, uint32_t arrival) {
  List& list = sales_[sale];
  entries_[entry.slot].arrival = arrival;
  list.slots.push_back(entry.slot);
  ASSERT(list.dropped + list.slots.size() == arrival);
  while (!is_remembered(sale, list.slots.front(), list.dropped + 1)) {
    list.slots.pop_front();
    ++list.dropped;
  }
}

bool Line::is_remembered(SaleNumber sale, uint32_t slot, uint32_t arrival) const {
  const LineEntry& entry = entries_[slot];
  return entry.state != EntryState::kFree && entry.sale == sale && entry.arrival == arrival;
}

void Line::settle(HoldNumber hold, EntryState state) {
  const uint32_t entry = at_slot(of_hold_, hold.slot, kNobody);
  if (entry != kNobody) entries_[entry].state = state;
}

// What is heard of the hold later, such as a payment that failed, is not the entry's any more.
void Line::end(HoldNumber hold, EntryState state) {
  settle(hold, state);
  of_hold_[hold.slot] = kNobody;
}

void Line::on(const SaleMoved& event, const EventPlace&) {
  sales_[event.sale].is_closed = event.to == SaleState::kClosed;
}

void Line::on(const SaleArchived& event, const EventPlace&) {
  List& list = sales_[event.sale];
  for (uint32_t i = 0; i < list.slots.size(); ++i) {
    if (is_remembered(event.sale, list.slots[i], list.dropped + i + 1))
      entries_[list.slots[i]].state = EntryState::kFree;
  }
  for (const uint32_t slot : list.delayed) {
    if (is_remembered(event.sale, slot, 0)) entries_[slot].state = EntryState::kFree;
  }
  list.dropped += static_cast<uint32_t>(list.slots.size());
  list.slots = {};
  list.delayed = {};
}

void Line::on(const Joined& event, const EventPlace& place) {
  come(event, place.at);
  arrive(event.sale, event.entry, event.position);
}

void Line::on(const Enrolled& event, const EventPlace& place) {
  come(event, place.at);
  arrive(event.sale, event.entry, event.arrival);
}

void Line::on(const JoinDelayed& event, const EventPlace& place) {
  come(event, place.at);
  std::deque<uint32_t>& delayed = sales_[event.sale].delayed;
  const auto has_gone = [&](uint32_t slot) {
    return !is_remembered(event.sale, slot, 0) || entries_[slot].state != EntryState::kWaiting;
  };
  while (!delayed.empty() && has_gone(delayed.front())) delayed.pop_front();
  delayed.push_back(event.entry.slot);
}

// Who stood before them has gone.
void Line::on(const EntryPlaced& event, const EventPlace&) {
  std::deque<uint32_t>& delayed = sales_[event.sale].delayed;
  while (delayed.front() != event.entry.slot) delayed.pop_front();
  delayed.pop_front();
  arrive(event.sale, event.entry, event.position);
}

void Line::on(const Offered& event, const EventPlace&) { entries_[event.entry.slot].state = EntryState::kOffered; }
void Line::on(const OfferLapsed& event, const EventPlace&) { entries_[event.entry.slot].state = EntryState::kLapsed; }
void Line::on(const EntryLeft& event, const EventPlace&) { entries_[event.entry.slot].state = EntryState::kLeft; }
void Line::on(const EntryRemoved& event, const EventPlace&) { entries_[event.entry.slot].state = EntryState::kRemoved; }

void Line::on(const Held& event, const EventPlace&) {
  at_slot(of_hold_, event.hold.slot, kNobody) = event.entry ? event.entry->slot : kNobody;
  settle(event.hold, EntryState::kHolding);
}

void Line::on(const HoldReleased& event, const EventPlace&) { end(event.hold, EntryState::kLeft); }
void Line::on(const HoldExpired& event, const EventPlace&) { end(event.hold, EntryState::kLapsed); }
void Line::on(const PaymentStarted& event, const EventPlace&) { settle(event.hold, EntryState::kPaying); }
void Line::on(const PaymentSucceeded& event, const EventPlace&) { settle(event.hold, EntryState::kBought); }

// The provider may say so of a payment before the one that bought the unit.
void Line::on(const PaymentFailed& event, const EventPlace&) {
  const uint32_t entry = at_slot(of_hold_, event.hold.slot, kNobody);
  if (entry != kNobody && entries_[entry].state == EntryState::kPaying) entries_[entry].state = EntryState::kHolding;
}

uint32_t Line::arrivals(SaleNumber sale) const {
  const auto found = sales_.find(sale);
  if (found == sales_.end()) return 0;
  const List& list = found->second;
  return list.dropped + static_cast<uint32_t>(list.slots.size());
}

// Who waited or had an offer when the sale closed has missed it.
LineEntry Line::shown(const List& list, uint32_t slot) const {
  LineEntry entry = entries_[slot];
  const bool is_open = entry.state == EntryState::kWaiting || entry.state == EntryState::kOffered;
  if (list.is_closed && is_open) entry.state = EntryState::kMissed;
  return entry;
}

std::optional<LineEntry> Line::at(SaleNumber sale, uint32_t arrival) const {
  if (arrival == 0 || arrival > arrivals(sale)) return std::nullopt;
  const List& list = sales_.at(sale);
  if (arrival <= list.dropped) return std::nullopt;
  const uint32_t slot = list.slots[arrival - list.dropped - 1];
  return is_remembered(sale, slot, arrival) ? std::optional(shown(list, slot)) : std::nullopt;
}

std::vector<LineEntry> Line::of(SaleNumber sale, const CustomerHash& customer) const {
  std::vector<LineEntry> found;
  const auto known = sales_.find(sale);
  if (known == sales_.end()) return found;
  const List& list = known->second;
  for (uint32_t i = 0; i < list.slots.size(); ++i) {
    const uint32_t slot = list.slots[i];
    if (entries_[slot].customer == customer && is_remembered(sale, slot, list.dropped + i + 1))
      found.push_back(shown(list, slot));
  }
  for (const uint32_t slot : list.delayed) {
    if (entries_[slot].customer == customer && is_remembered(sale, slot, 0)) found.push_back(shown(list, slot));
  }
  return found;
}

}  // namespace doorbuster::sale
