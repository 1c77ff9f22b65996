#include "sale/machine/retention.h"

#include <algorithm>

#include "base/bug_zoo.h"
#include "sale/machine/due.h"
#include "sale/machine/step.h"

namespace doorbuster::sale {
namespace {

// From one sweep to the next, while it is crowded, and where there was nothing to forget. A sweep of four million holds
// and as many entries is a thousand slices.
constexpr Duration kSweepEvery = Duration::seconds(10);
constexpr Duration kSweepSeldom = Duration::seconds(60);

// From when an entry of a closed sale may be forgotten. Who took part in a draw can look up for a day what they need to
// check it: their receipt.
Timestamp forgettable_after_close(const Entry& entry, const Sale& sale) {
  const bool ended_with_sale = entry.state == EntryState::kWaiting || entry.state == EntryState::kOffered;
  const Timestamp since = ended_with_sale ? sale.closed_at : std::max(sale.closed_at, ended_at(entry));
  const bool was_drawn = sale.draw != nullptr && sale.draw->is_drawn() && entry.placement == Placement::kPlaced &&
                         entry.arrival <= sale.draw->drawn();
  return since + (was_drawn ? kRememberResolved : kRememberAbandoned);
}

}  // namespace

bool is_forgettable_hold(const State& state, uint32_t slot, Timestamp now) {
  const Hold& hold = state.hold_at(slot);
  const bool was_tried = hold.attempts > 0 && !bug_planted(Bug::kForgetsAHoldWithMoney);
  return is_over(hold) && !was_tried && now >= ended_at(hold) + kRememberAbandoned &&
         !state.sale_at(hold.sale).archived;
}

bool is_forgettable_entry(const State& state, uint32_t slot, Timestamp now) {
  const Entry& entry = state.entry_at(slot);
  if (entry.state == EntryState::kFree || entry.hold != kNoSlot) return false;
  const Sale& sale = state.sale_at(entry.sale);
  if (sale.state == SaleState::kClosed) return !sale.archived && now >= forgettable_after_close(entry, sale);
  const bool came_to_nothing = entry.state == EntryState::kLapsed || entry.state == EntryState::kLeft;
  return came_to_nothing && now >= ended_at(entry) + kRememberAbandoned && !is_line_whole(sale) &&
         state.has_passed(entry);
}

void Sweep::begin_if_crowded(const State& state, Timestamp now) {
  if (next_ == kNever && state.is_crowded()) next_ = now + kSweepEvery;
}

void Sweep::go_on(Step& step) {
  if (step.now < next_) return;
  const State& state = step.state;
  Slice slice;
  for (; holds_ < state.hold_slots() && !slice.is_done(); ++holds_, --slice.looks_left) {
    if (!is_forgettable_hold(state, holds_, step.now)) continue;
    forget_hold(state.number_of_hold(holds_), step);
    --slice.records_left;
  }
  for (; entries_ < state.entry_slots() && !slice.is_done(); ++entries_, --slice.looks_left) {
    if (!is_forgettable_entry(state, entries_, step.now)) continue;
    record(EntryForgotten{SaleNumber(state.entry_at(entries_).sale), state.number_of_entry(entries_)}, step);
    --slice.records_left;
  }
  has_found_ = has_found_ || slice.has_found();
  if (slice.is_done()) {
    next_ = step.now + Duration::millis(1);
    return;
  }
  const Duration pause = has_found_ ? kSweepEvery : kSweepSeldom;
  next_ = state.is_crowded() ? step.now + pause : kNever;
  holds_ = entries_ = 0;
  has_found_ = false;
}

}  // namespace doorbuster::sale
