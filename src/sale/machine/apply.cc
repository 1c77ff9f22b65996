// What each event does to the state. The assertions are the sale's promises: a log that breaks one is refused by ending
// the process rather than sold from.
#include <algorithm>
#include <utility>

#include "base/bug_zoo.h"
#include "sale/machine/state.h"
#include "sale/machine/take_unit.h"

namespace doorbuster::sale {
namespace {

void check_units(const Sale& sale) {
  ASSERT(uint64_t{sale.available} + sale.offered + sale.held + sale.paying + sale.sold == sale.settings.units);
}

}  // namespace

// The moments at which the last unit was held, and sold: of the present stock, the first time.
void State::note_moments(Sale& sale, Timestamp at) {
  check_units(sale);
  if (has_short_retention(sale)) return;  // it is never sold, and full every now and then
  if (sale.available + sale.offered == 0 && !sale.all_held_at) sale.all_held_at = at;
  if (sale.sold == sale.settings.units && !sale.all_sold_at) sale.all_sold_at = at;
}

void State::apply(const SaleCreated& event, Timestamp) {
  ASSERT(event.sale == number_of_sale(sale_count()) && sale_count() < kSalesACellMax);
  auto sale = std::make_unique<Sale>();
  sale->settings = event.settings;
  sale->state = event.state;
  sale->published = event.state != SaleState::kDraft;
  sale->available = event.settings.units;
  ASSERT(sales_.add(std::move(sale)));
  remember(event.cause, event.sale);
}

void State::apply(const SaleChanged& event, Timestamp at) {
  Sale& sale = sale_of(event.sale);
  const uint32_t before = sale.settings.units;
  const auto outflow = event.settings.outflow_per_minute;
  if (outflow != sale.settings.outflow_per_minute) sale.outflow.change(outflow);
  sale.settings = event.settings;
  if (event.settings.units > before) {
    sale.all_held_at.reset();
    sale.all_sold_at.reset();
  }
  ASSERT(uint64_t{sale.available} + event.settings.units >= before);
  sale.available = sale.available + event.settings.units - before;
  note_moments(sale, at);
  remember(event.cause, event.sale);
}

void State::apply(const SaleMoved& event, Timestamp at) {
  Sale& sale = sale_of(event.sale);
  ASSERT(event.to != sale.state && sale.state != SaleState::kClosed);
  if (sale.state == SaleState::kPaused) {
    sale.claims_until = std::max(sale.claims_until, at + Duration::seconds(sale.settings.claim_seconds));
  }
  sale.state = event.to;
  if (event.to != SaleState::kClosed) sale.published = true;
  if (event.to == SaleState::kOpen && sale.opened_at == Timestamp()) sale.opened_at = at;
  if (event.to == SaleState::kClosed) {
    sale.closed_at = at;
    sale.available += sale.offered;
    sale.offered = 0;
    sale.waiting = 0;
    sale.queue_head = sale.queue_tail = kNoSlot;
    sale.delayed_head = sale.delayed_tail = kNoSlot;
    sale.outflow.forget_given_back();
  }
  check_units(sale);
  remember(event.cause, event.sale);
}

void State::apply(const SaleArchived& event, Timestamp) {
  const Sale& sale = sale_at(event.sale.value());
  if (!sale.archived) forget_records({event.sale, 0, hold_slots(), 0, entry_slots()});
  ASSERT(sale.archived && sale.used.records() == 0);
  sales_.archive(event.sale);
  const auto is_settled = [&](const auto& money) {
    return money.first.sale == event.sale.value() && money.second.state == MoneyState::kByAttempt;
  };
  std::erase_if(known_money_, is_settled);
}

void State::apply(const RecordsForgotten& event, Timestamp) { forget_records(event); }

void State::forget_records(const RecordsForgotten& slots) {
  Sale& sale = sale_of(slots.sale);
  ASSERT(sale.state == SaleState::kClosed && sale.held + sale.paying == 0);
  ASSERT(slots.holds_until <= hold_slots() && slots.entries_until <= entry_slots());
  sale.archived = true;
  sale.departures = {};
  if (sale.draw != nullptr) sale.draw->forget_entries();
  for (uint32_t slot = slots.holds_from; slot < slots.holds_until && sale.used.holds.all > 0; ++slot) {
    const Hold& hold = holds_[slot];
    if (hold.state == HoldState::kFree || hold.sale != slots.sale.value()) continue;
    if (hold.entry != kNoSlot) entries_.mutate(hold.entry).hold = kNoSlot;
    forget_hold(slot);
  }
  for (uint32_t slot = slots.entries_from; slot < slots.entries_until && sale.used.entries.all > 0; ++slot) {
    const Entry& entry = entries_[slot];
    if (entry.state == EntryState::kFree || entry.sale != slots.sale.value()) continue;
    ASSERT(entry.hold == kNoSlot);  // holds go first
    forget_entry(slot);
  }
}

void State::apply(const AllHeld& event, Timestamp at) { ASSERT(sale_of(event.sale).all_held_at == at); }

void State::apply(const AllSold& event, Timestamp at) { ASSERT(sale_of(event.sale).all_sold_at == at); }

void State::apply(const SaleAnnounced& event, Timestamp) {
  ASSERT(is_message(event.text));
  // Older logs say something of a sale that is archived.
  if (archived_id(event.sale) == nullptr) sale_of(event.sale).message = event.text;
  remember(event.cause, event.sale);
}

void State::apply(const Joined& event, Timestamp) {
  add_entry(event);
  place_entry(event.entry.slot, event.position);
  stand_last(event.entry.slot);
}

void State::apply(const JoinDelayed& event, Timestamp) {
  add_entry(event);
  const uint32_t slot = event.entry.slot;
  Sale& sale = sale_of(event.sale);
  ASSERT(sale.state != SaleState::kScheduled && sale.state != SaleState::kClosed);
  Entry& entry = entries_.mutate(slot);
  entry.until = event.place_at;
  entry.placement = Placement::kDelayed;
  if (sale.delayed_tail != kNoSlot) entries_.mutate(sale.delayed_tail).next_in_queue = slot;
  if (sale.delayed_head == kNoSlot) sale.delayed_head = slot;
  sale.delayed_tail = slot;
}

void State::apply(const EntryPlaced& event, Timestamp at) {
  Entry& entry = live(event.entry);
  Sale& sale = sale_of(entry);
  const uint32_t slot = event.entry.slot;
  ASSERT(sale.delayed_head == slot && entry.state == EntryState::kWaiting);
  ASSERT(gives_places(sale) && at >= placement_due(entry, sale));
  entry.until = {};
  place_entry(slot, event.position);
  advance_delayed(sale);
  stand_last(slot);
}

// The order of arrival, which is the position, where positions are not drawn.
void State::place_entry(uint32_t slot, uint32_t arrival) {
  Entry& entry = entries_.mutate(slot);
  Sale& sale = sale_of(entry);
  ASSERT(arrival == sale.last_position + 1);
  entry.arrival = sale.last_position = arrival;
  entry.placement = Placement::kPlaced;
  sale.departures.append();
}

void State::stand_last(uint32_t slot) {
  Sale& sale = sale_of(entries_[slot]);
  if (sale.draw != nullptr) {
    sale.draw->arrive(slot);
    if (!sale.draw->is_drawn()) return;
  } else if (sale.queue_tail != kNoSlot) {
    entries_.mutate(sale.queue_tail).next_in_queue = slot;
  }
  if (sale.queue_head == kNoSlot) sale.queue_head = slot;
  sale.queue_tail = slot;
}

// It waits, and has no place yet.
template <class E>
void State::add_entry(const E& event) {
  Sale& sale = sale_of(event.sale);
  ASSERT(following_entry() == event.entry);
  const uint32_t slot = event.entry.slot;
  if (slot == free_entries_) {
    free_entries_ = entries_[slot].next_free;
  } else {
    entries_.grow();
  }
  const uint32_t older = entry_of(event.sale, event.customer);
  entries_.mutate(slot) = {.customer = event.customer,
                           .until = {},
                           .key = event.idempotency.key,
                           .fingerprint = static_cast<uint32_t>(event.idempotency.fingerprint),
                           .sale = event.sale.value(),
                           .arrival = 0,
                           .hold = kNoSlot,
                           .next_in_queue = kNoSlot,
                           .older_of_customer = older,
                           .generation = event.entry.generation,
                           .state = EntryState::kWaiting,
                           .kind = event.kind,
                           .placement = Placement::kNever};
  entry_annotations_.set(slot, *event.annotations);
  index_entry(slot, older);
  count_entry(slot, &Usage::add);
  ++sale.waiting;
}
template void State::add_entry(const Enrolled& event);

// Takes a waiting entry out of the line, wherever in it it stands, or from those who wait for a place in it.
void State::depart(Entry& entry, EntryState to) {
  ASSERT(entry.state == EntryState::kWaiting);
  Sale& sale = sale_of(entry);
  ASSERT(sale.waiting > 0);
  entry.state = to;
  --sale.waiting;
  if (entry.placement == Placement::kDelayed) return advance_delayed(sale);
  note_departure(entry);
  advance_head(sale);
}

void State::note_departure(const Entry& entry) {
  Sale& sale = sale_of(entry);
  if (const uint32_t position = position_of(entry); position > 0) {
    sale.departures.note(position);
  } else {
    sale.draw->note_gone(entry.arrival);
  }
}

// To the first that still waits for a place. Who has gone meanwhile never gets one.
void State::advance_delayed(Sale& sale) {
  while (sale.delayed_head != kNoSlot && !is_delayed(entries_[sale.delayed_head])) {
    Entry& passed = entries_.mutate(sale.delayed_head);
    sale.delayed_head = std::exchange(passed.next_in_queue, kNoSlot);
    if (passed.placement == Placement::kDelayed) passed.placement = Placement::kNever;
  }
  if (sale.delayed_head == kNoSlot) sale.delayed_tail = kNoSlot;
}

// To the first that still waits. What the line has passed may be forgotten: nobody may go on naming one behind them.
void State::advance_head(Sale& sale) {
  while (sale.queue_head != kNoSlot && entries_[sale.queue_head].state != EntryState::kWaiting) {
    const uint32_t passed = std::exchange(sale.queue_head, behind(sale, sale.queue_head));
    if (sale.draw == nullptr) entries_.mutate(passed).next_in_queue = kNoSlot;
  }
  if (sale.queue_head == kNoSlot) sale.queue_tail = kNoSlot;
  if (!has_short_retention(sale)) return;
  sale.departures.forget_before(sale.queue_head == kNoSlot ? sale.last_position + 1
                                                           : entries_[sale.queue_head].arrival);
}

void State::apply(const Offered& event, Timestamp at) {
  Entry& entry = live(event.entry);
  Sale& sale = sale_of(entry);
  const uint32_t position = position_of(entry);
  ASSERT(sale.state == SaleState::kOpen && sale.queue_head == event.entry.slot && position > sale.now_serving);
  depart(entry, EntryState::kOffered);
  entry.until = event.claim_until;
  take(sale.available, sale.offered);
  sale.now_serving = position;
  ++sale.offers;
  sale.outflow.note_offer(sale.settings.outflow_per_minute, at);
}

void State::apply(const OfferExtended& event, Timestamp) {
  Entry& entry = live(event.entry);
  ASSERT(entry.state == EntryState::kOffered);
  entry.until = event.claim_until;
}

// Without having been claimed.
void State::end_offer(Entry& entry, EntryState to, Timestamp at) {
  ASSERT(entry.state == EntryState::kOffered);
  Sale& sale = sale_of(entry);
  entry.state = to;
  entry.until = at;
  take(sale.offered, sale.available);
  sale.outflow.give_back(sale.settings.outflow_per_minute, at, sale.settings.claim_seconds);
}

void State::apply(const OfferLapsed& event, Timestamp at) { end_offer(live(event.entry), EntryState::kLapsed, at); }

void State::withdraw(Entry& entry, EntryState to, Timestamp at) {
  if (entry.state == EntryState::kOffered) return end_offer(entry, to, at);
  depart(entry, to);
  entry.until = at;
}

void State::apply(const EntryLeft& event, Timestamp at) { withdraw(live(event.entry), EntryState::kLeft, at); }

void State::apply(const EntryRemoved& event, Timestamp at) {
  Entry& entry = live(event.entry);
  remember(event.cause, SaleNumber(entry.sale));
  withdraw(entry, EntryState::kRemoved, at);
}

void State::apply(const EntryForgotten& event, Timestamp) {
  const Entry& entry = live(event.entry);
  const Sale& sale = sale_of(entry);
  ASSERT(entry.hold == kNoSlot);
  if (sale.state != SaleState::kClosed) ASSERT(sale.draw == nullptr && is_over(entry) && has_passed(entry));
  forget_entry(event.entry.slot);
}

void State::apply(const Held& event, Timestamp at) {
  Sale& sale = sale_of(event.sale);
  ASSERT(following_hold() == event.hold && sale.state == SaleState::kOpen);
  const uint32_t slot = event.hold.slot;
  if (slot == free_holds_) {
    free_holds_ = holds_[slot].next_free;
  } else {
    holds_.grow();
    bought_with_.grow();
  }
  const uint32_t older = newest_hold_of(event.sale, event.customer);
  holds_.mutate(slot) = {.customer = event.customer,
                         .until = event.expires_at,
                         .key = event.idempotency.key,
                         .payment_key = 0,
                         .fingerprint = static_cast<uint32_t>(event.idempotency.fingerprint),
                         .payment_fingerprint = 0,
                         .sale = event.sale.value(),
                         .entry = event.entry ? event.entry->slot : kNoSlot,
                         .older_of_customer = older,
                         .generation = event.hold.generation,
                         .state = HoldState::kHeld,
                         .attempts = 0,
                         .succeeded = 0,
                         .refunded = 0,
                         .sold_by_attempt = 0,
                         .failed = 0,
                         .kind = event.kind};
  if (!event.annotations.empty()) hold_annotations_.set(slot, *beyond(event.annotations, inherited_by(holds_[slot])));
  index_hold(slot, older);
  count_hold(slot, &Usage::add);
  if (event.entry) {
    Entry& entry = live(*event.entry);
    ASSERT(entry.state == EntryState::kOffered);
    entry.state = EntryState::kHolding;
    entry.hold = slot;
    take(sale.offered, sale.held);
    ++sale.claims;
    if (bug_planted(Bug::kClaimGivesPlaceBack)) {
      sale.outflow.give_back(sale.settings.outflow_per_minute, at, sale.settings.claim_seconds);
    }
  } else {
    take(sale.available, sale.held);
  }
  note_moments(sale, at);
}

void State::settle_entry(const Hold& hold, EntryState to) {
  if (hold.entry != kNoSlot) entries_.mutate(hold.entry).state = to;
}

// A hold ends without money: exactly once, and its unit goes back.
void State::free_unit(Hold& hold, HoldState to, Timestamp at) {
  ASSERT(hold.state == HoldState::kHeld || hold.state == HoldState::kPaying);
  Sale& sale = sale_of(hold);
  take(hold.state == HoldState::kHeld ? sale.held : sale.paying, sale.available);
  hold.state = to;
  settle_entry(hold, to == HoldState::kExpired ? EntryState::kLapsed : EntryState::kLeft);
  if (hold.entry != kNoSlot) entries_.mutate(hold.entry).until = at;
  if (hold.attempts == 0) hold.until = std::min(hold.until, at);
  check_units(sale);
}

void State::apply(const HoldReleased& event, Timestamp at) {
  Hold& hold = live(event.hold);
  free_unit(hold, HoldState::kReleased, at);
  remember(event.cause, SaleNumber(hold.sale));
}

void State::apply(const HoldExpired& event, Timestamp at) { free_unit(live(event.hold), HoldState::kExpired, at); }

void State::apply(const HoldForgotten& event, Timestamp) {
  const Hold& hold = live(event.hold);
  ASSERT(hold.state == HoldState::kReleased || hold.state == HoldState::kExpired);
  if (hold.entry != kNoSlot) {
    ASSERT(entries_[hold.entry].hold == event.hold.slot);
    entries_.mutate(hold.entry).hold = kNoSlot;
  }
  forget_hold(event.hold.slot);
}

}  // namespace doorbuster::sale
