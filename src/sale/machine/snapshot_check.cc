#include "sale/machine/snapshot_check.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace doorbuster::sale {
namespace {

bool is_subset(unsigned part, unsigned whole) { return (part & ~whole) == 0; }

bool are_payments_sound(const Hold& hold) {
  if (hold.attempts > kMaxPaymentAttempts || hold.sold_by_attempt > hold.attempts) return false;
  const unsigned all = (1U << hold.attempts) - 1;
  const unsigned bought = hold.sold_by_attempt == 0 ? 0U : attempt_bit(hold.sold_by_attempt);
  const bool is_sold = hold.state == HoldState::kSold;
  return is_subset(hold.succeeded | hold.failed, all) && is_subset(bought, hold.succeeded) &&
         is_subset(hold.refunded, hold.succeeded & ~bought) && is_sold == (bought != 0) &&
         (hold.state != HoldState::kPaying || hold.attempts > 0);
}

// Who came by the opening, and nobody else, takes part: the opening closes it.
bool is_draw_sound(const Sale& sale) {
  if (sale.draw == nullptr) return true;
  if (!sale.draw->is_drawn() && sale.now_serving > 0) return false;
  const bool is_open = sale.state == SaleState::kOpen || sale.state == SaleState::kPaused;
  const uint32_t drawn = sale.draw->drawn();
  if (!sale.draw->is_closed()) return !is_open && drawn == sale.last_position;
  return (is_open || sale.state == SaleState::kClosed) && drawn <= sale.last_position;
}

// Who has no place yet has had no offer.
bool is_placement_sound(const Entry& entry, const Sale& sale) {
  const bool is_gone = entry.state == EntryState::kLeft || entry.state == EntryState::kRemoved;
  switch (entry.placement) {
    case Placement::kPlaced:
      return entry.arrival >= 1 && entry.arrival <= sale.last_position;
    case Placement::kDelayed:
      return entry.arrival == 0 && entry.hold == kNoSlot && (is_gone || entry.state == EntryState::kWaiting);
    case Placement::kNever:
      return entry.arrival == 0 && entry.hold == kNoSlot && is_gone && entry.next_in_queue == kNoSlot;
  }
  return false;
}

// Records of a table, each of which may name an older one of the same customer, and whether a newer one names it.
template <class Record>
struct Chains {
  uint32_t slots;
  const Record& (State::*at)(uint32_t slot) const;
  const State& state;

  [[nodiscard]] bool is_free(uint32_t slot) const { return (state.*at)(slot).state == decltype(Record::state)::kFree; }
  [[nodiscard]] bool link(uint32_t slot, std::vector<bool>& has_newer) const {
    const Record& record = (state.*at)(slot);
    if (is_free(slot) || record.older_of_customer == kNoSlot) return true;
    if (record.older_of_customer >= slots || has_newer[record.older_of_customer]) return false;
    has_newer[record.older_of_customer] = true;
    const Record& older = (state.*at)(record.older_of_customer);
    return !is_free(record.older_of_customer) && older.sale == record.sale && older.customer == record.customer;
  }
  [[nodiscard]] std::vector<uint32_t> newest(const std::vector<bool>& has_newer) const {
    std::vector<uint32_t> newest;
    for (uint32_t slot = 0; slot < slots; ++slot) {
      if (!is_free(slot) && !has_newer[slot]) newest.push_back(slot);
    }
    return newest;
  }
  // Every record is named by at most one newer one, and can be reached from a newest one: no cycles.
  [[nodiscard]] bool end(const std::vector<bool>& has_newer) const {
    size_t reached = 0;
    for (uint32_t slot : newest(has_newer)) {
      for (; slot != kNoSlot; slot = (state.*at)(slot).older_of_customer) ++reached;
    }
    size_t used = 0;
    for (uint32_t slot = 0; slot < slots; ++slot) used += !is_free(slot);
    return reached == used;
  }
};

Chains<Hold> chains_of_holds(const State& state) { return {state.hold_slots(), &State::hold_at, state}; }
Chains<Entry> chains_of_entries(const State& state) { return {state.entry_slots(), &State::entry_at, state}; }

}  // namespace

bool SnapshotCheck::fits(const Sale& sale) const {
  const bool settings_fit = validate(sale.settings, beacon_of(sale)).empty();
  const uint64_t units = uint64_t{sale.available} + sale.offered + sale.held + sale.paying + sale.sold;
  const bool line_is_possible = !is_line_whole(sale) || sale.last_position <= state_.entry_slots();
  const bool visibility_fits = sale.state == SaleState::kClosed || sale.published == (sale.state != SaleState::kDraft);
  return settings_fit && units == sale.settings.units && line_is_possible && sale.now_serving <= sale.last_position &&
         sale.offers <= sale.now_serving && uint64_t{sale.claims} + sale.offered <= sale.offers &&
         (!sale.archived || sale.state == SaleState::kClosed) &&
         sale.outflow.is_sound(sale.settings.outflow_per_minute, sale.now_serving) && visibility_fits &&
         is_message(sale.message) && is_draw_sound(sale);
}

bool SnapshotCheck::fits(const Hold& hold, uint32_t slot) const {
  if (hold.state == HoldState::kFree) return true;
  if (state_.find_sale(SaleNumber(hold.sale)) == nullptr) return false;
  const Sale& sale = state_.sale_at(hold.sale);
  if (!are_payments_sound(hold) || (sale.archived && refunds_due(hold) != 0)) return false;
  const bool is_of_no_entry = hold.entry == kNoSlot;
  if (has_short_retention(sale) && (hold.attempts > 0 || is_of_no_entry)) return false;
  if (is_of_no_entry) return true;
  if (hold.entry >= state_.entry_slots()) return false;
  const Entry& entry = state_.entry_at(hold.entry);
  return entry.state != EntryState::kFree && entry.sale == hold.sale && entry.customer == hold.customer &&
         entry.hold == slot;
}

bool SnapshotCheck::fits(const Entry& entry, uint32_t slot) const {
  if (entry.state == EntryState::kFree) return true;
  if (state_.find_sale(SaleNumber(entry.sale)) == nullptr) return false;
  const Sale& sale = state_.sale_at(entry.sale);
  if (!is_placement_sound(entry, sale)) return false;
  if (entry.hold == kNoSlot) return true;
  if (entry.hold >= state_.hold_slots()) return false;
  const Hold& hold = state_.hold_at(entry.hold);
  return hold.state != HoldState::kFree && hold.entry == slot;  // and then the rest was looked at with the hold
}

bool SnapshotCheck::count(const Hold& hold, uint32_t slot) {
  if (!fits(hold, slot)) return false;
  if (hold.state == HoldState::kFree) return true;
  Tally& tally = tallies_[sale_of(hold.sale).slot];
  tally.held += hold.state == HoldState::kHeld;
  tally.paying += hold.state == HoldState::kPaying;
  tally.sold += hold.state == HoldState::kSold;
  tally.refunds_due += static_cast<uint32_t>(std::popcount(refunds_due(hold)));
  return true;
}

bool SnapshotCheck::count(const Entry& entry, uint32_t slot) {
  if (!fits(entry, slot)) return false;
  if (entry.state == EntryState::kFree) return true;
  const Sale& sale = sale_of(entry.sale);
  const EntryState state = state_.state_of(entry);
  Tally& tally = tallies_[sale.slot];
  if (entry.placement != Placement::kPlaced) {
    tally.waiting += state == EntryState::kWaiting;
    tally.delayed += entry.placement == Placement::kDelayed;
    return true;
  }
  std::vector<uint32_t>& line = lines_[sale.slot];
  if (is_line_whole(sale)) {
    if (line[entry.arrival - 1] != kNoSlot) return false;
    line[entry.arrival - 1] = slot;
  } else {
    line.push_back(slot);
  }
  tally.waiting += state == EntryState::kWaiting;
  tally.offered += state == EntryState::kOffered;
  ++tally.entries;
  const uint32_t position = state_.position_of(entry);
  return state != EntryState::kWaiting || position == 0 || position > sale.now_serving;
}

// A hold of a sale that is kept says of each attempt what became of its late money; that of an archived one is
// forgotten.
bool SnapshotCheck::count(const MoneyKey& key, const KnownMoney& money) {
  const SaleNumber number(key.sale);
  const Sale* sale = state_.find_sale(number);
  const bool is_possible = (sale != nullptr || state_.archived_id(number) != nullptr) &&
                           state_.was_hold(HoldNumber::unpacked(key.hold)) && key.attempt >= 1 &&
                           key.attempt <= kMaxPaymentAttempts && key.payment != 0;
  if (!is_possible || (sale == nullptr && money.state == MoneyState::kByAttempt)) return false;
  if (sale != nullptr) tallies_[sale->slot].refunds_due += money.state == MoneyState::kDue;
  return true;
}

bool SnapshotCheck::adds_up(const Sale& sale) const {
  const Tally& tally = tallies_[sale.slot];
  if (sale.archived) {
    return sale.held + sale.paying + sale.offered + sale.waiting + sale.refunds_due == 0 &&
           tally.held + tally.paying + tally.refunds_due == 0 && tally.sold <= sale.sold;
  }
  return sale.held == tally.held && sale.paying == tally.paying && sale.sold == tally.sold &&
         sale.refunds_due == tally.refunds_due && sale.offered == tally.offered && sale.waiting == tally.waiting &&
         (!is_line_whole(sale) || sale.last_position == tally.entries);
}

// Some are missing, but nobody from the first that waits on.
bool SnapshotCheck::sort_line_with_gaps(const Sale& sale) {
  std::vector<uint32_t>& line = lines_[sale.slot];
  const auto arrival_of = [&](uint32_t slot) { return state_.entry_at(slot).arrival; };
  std::ranges::sort(line, {}, arrival_of);
  bool is_whole = false;
  uint32_t before = 0;
  for (const uint32_t slot : line) {
    if (arrival_of(slot) == before || (is_whole && arrival_of(slot) != before + 1)) return false;
    before = arrival_of(slot);
    is_whole |= slot == sale.queue_head;
  }
  return !is_whole || before == sale.last_position;
}

// Empty before a draw.
std::vector<uint32_t> SnapshotCheck::line_by_position(const Sale& sale) const {
  const SaleDraw* draw = sale.draw.get();
  const std::vector<uint32_t>& by_arrival = lines_[sale.slot];
  if (draw == nullptr) return by_arrival;
  std::vector<uint32_t> line(draw->is_drawn() ? by_arrival.size() : 0);
  for (uint32_t i = 0; i < line.size(); ++i) line[draw->place_of(i + 1) - 1] = by_arrival[i];
  return line;
}

// From the first that waits on, each names the next; nobody ever names anyone else, and in a draw nobody at all. Once
// the sale is closed there is no line, and whom somebody names means nothing.
bool SnapshotCheck::stands_in_line(const Sale& sale) const {
  if (sale.state == SaleState::kClosed) return sale.queue_head == kNoSlot && sale.queue_tail == kNoSlot;
  const std::vector<uint32_t> line = line_by_position(sale);
  uint32_t first = kNoSlot;
  for (size_t i = 0; i < line.size(); ++i) {
    const Entry& entry = state_.entry_at(line[i]);
    if (first == kNoSlot && state_.state_of(entry) == EntryState::kWaiting) first = line[i];
    const uint32_t following = i + 1 < line.size() && sale.draw == nullptr ? line[i + 1] : kNoSlot;
    if (entry.next_in_queue != following && (first != kNoSlot || entry.next_in_queue != kNoSlot)) return false;
  }
  return sale.queue_head == first && sale.queue_tail == (first == kNoSlot ? kNoSlot : line.back());
}

// All who are delayed are listed once, and nobody else is; the first of them waits.
bool SnapshotCheck::waits_for_places(const Sale& sale) const {
  if (sale.state == SaleState::kClosed) return sale.delayed_head == kNoSlot && sale.delayed_tail == kNoSlot;
  uint32_t left = tallies_[sale.slot].delayed;
  uint32_t last = kNoSlot;
  for (uint32_t slot = sale.delayed_head; slot != kNoSlot; --left) {
    if (slot >= state_.entry_slots() || left == 0) return false;
    const Entry& entry = state_.entry_at(slot);
    const bool is_its_own = entry.state != EntryState::kFree && sale_of(entry.sale).slot == sale.slot;
    if (!is_its_own || entry.placement != Placement::kDelayed) return false;
    if (last == kNoSlot && !is_delayed(entry)) return false;
    last = std::exchange(slot, entry.next_in_queue);
  }
  return left == 0 && sale.delayed_tail == last;
}

std::vector<uint32_t> SnapshotCheck::newest_holds() const { return chains_of_holds(state_).newest(has_newer_hold_); }

std::vector<uint32_t> SnapshotCheck::newest_entries() const {
  return chains_of_entries(state_).newest(has_newer_entry_);
}

bool SnapshotCheck::chains_end() const {
  return chains_of_holds(state_).end(has_newer_hold_) && chains_of_entries(state_).end(has_newer_entry_);
}

// The lists hold every free slot, once, and nothing else.
bool SnapshotCheck::free_slots_are_listed() const {
  std::vector<bool> is_listed_hold(state_.hold_slots());
  uint32_t hold = free_holds_;
  for (; hold != kNoSlot; hold = state_.hold_at(hold).next_free) {
    if (hold >= is_listed_hold.size() || is_listed_hold[hold]) return false;
    is_listed_hold[hold] = true;
  }
  std::vector<bool> is_listed_entry(state_.entry_slots());
  uint32_t entry = free_entries_;
  for (; entry != kNoSlot; entry = state_.entry_at(entry).next_free) {
    if (entry >= is_listed_entry.size() || is_listed_entry[entry]) return false;
    is_listed_entry[entry] = true;
  }
  for (uint32_t slot = 0; slot < state_.hold_slots(); ++slot) {
    if (is_listed_hold[slot] != (state_.hold_at(slot).state == HoldState::kFree)) return false;
  }
  for (uint32_t slot = 0; slot < state_.entry_slots(); ++slot) {
    if (is_listed_entry[slot] != (state_.entry_at(slot).state == EntryState::kFree)) return false;
  }
  return true;
}

bool SnapshotCheck::passes() {
  bool all_fit = true;
  state_.for_each_sale([&](SaleNumber, const Sale& sale) {
    all_fit = all_fit && fits(sale);
    if (all_fit) lines_[sale.slot].assign(is_line_whole(sale) ? sale.last_position : 0, kNoSlot);
  });
  if (!all_fit) return false;
  has_newer_hold_.assign(state_.hold_slots(), false);
  const Chains<Hold> holds = chains_of_holds(state_);
  for (uint32_t slot = 0; slot < state_.hold_slots(); ++slot) {
    if (!count(state_.hold_at(slot), slot) || !holds.link(slot, has_newer_hold_)) return false;
  }
  has_newer_entry_.assign(state_.entry_slots(), false);
  const Chains<Entry> entries = chains_of_entries(state_);
  for (uint32_t slot = 0; slot < state_.entry_slots(); ++slot) {
    if (!count(state_.entry_at(slot), slot) || !entries.link(slot, has_newer_entry_)) return false;
  }
  for (const auto& [key, money] : state_.known_money()) {
    if (!count(key, money)) return false;
  }
  state_.for_each_sale([&](SaleNumber, const Sale& sale) {
    all_fit = all_fit && (is_line_whole(sale) || sort_line_with_gaps(sale)) && adds_up(sale) && stands_in_line(sale) &&
              waits_for_places(sale);
  });
  return all_fit && chains_end() && free_slots_are_listed();
}

}  // namespace doorbuster::sale
