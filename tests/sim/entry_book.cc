#include "sim/entry_book.h"

namespace doorbuster::sim {

static_assert(is_over(sale::EntryState::kMissed) && !is_over(sale::EntryState::kPaying));

void EntryBook::arrive(sale::SaleNumber sale, sale::EntryNumber entry, Sequence at) {
  entries_[entry].sale = sale;
  move(entry, sale::EntryState::kWaiting, at);
}

void EntryBook::move(sale::EntryNumber entry, sale::EntryState to, Sequence at) {
  entries_[entry].changes.push_back({at, to});
}

void EntryBook::hear(const sale::Held& event, Sequence at) {
  if (!event.entry) return;
  claimed_by_[event.hold] = *event.entry;
  move(*event.entry, sale::EntryState::kHolding, at);
}

void EntryBook::settle(sale::HoldNumber hold, sale::EntryState to, Sequence at) {
  if (const auto found = claimed_by_.find(hold); found != claimed_by_.end()) move(found->second, to, at);
}

// A payment that failed late, when its hold was over or paid by another, changes nothing.
void EntryBook::hear(const sale::PaymentFailed& event, Sequence at) {
  const auto found = claimed_by_.find(event.hold);
  if (found == claimed_by_.end() || entries_[found->second].state() != sale::EntryState::kPaying) return;
  move(found->second, sale::EntryState::kHolding, at);
}

void EntryBook::hear(const sale::SaleMoved& event, Sequence at) {
  if (event.to != sale::SaleState::kClosed) return;
  for (auto& [number, entry] : entries_) {
    const bool is_in_line = entry.state() == sale::EntryState::kWaiting || entry.state() == sale::EntryState::kOffered;
    if (entry.sale == event.sale && is_in_line) move(number, sale::EntryState::kMissed, at);
  }
}

const EntryBook::Changes* EntryBook::changes_of(sale::EntryNumber entry) const {
  const auto found = entries_.find(entry);
  return found == entries_.end() ? nullptr : &found->second.changes;
}

}  // namespace doorbuster::sim
