// When the holds, entries and sales of one cell next have to be looked at.
//
// All of it follows from the state (deadline_of), so a replay arms nothing until it is through, and whatever an event
// touches is armed anew after it.
#pragma once

#include <optional>

#include "base/timer_wheel.h"
#include "sale/machine/state.h"

namespace doorbuster::sale {

// When the hold, the entry or the sale next has to be looked at, if ever; a sale's line apart.
[[nodiscard]] std::optional<Timestamp> deadline_of(const Hold& hold, const Sale& sale);
[[nodiscard]] std::optional<Timestamp> deadline_of(const Entry& entry, const Sale& sale);
[[nodiscard]] std::optional<Timestamp> deadline_of(const Sale& sale);

// The same, for an entry of the state: what is over is not forgotten while it still stands between others who wait.
[[nodiscard]] std::optional<Timestamp> entry_deadline(const State& state, uint32_t slot);

// Whether somebody waits for a unit that is there.
[[nodiscard]] bool has_work_for_the_line(const Sale& sale);

// When the first of those who are delayed gets a place, if anybody waits for one, and there are places.
[[nodiscard]] std::optional<Timestamp> next_placement(const State& state, const Sale& sale);

class Deadlines {
 public:
  explicit Deadlines(const Capacity& capacity);

  void start(Timestamp now) { timers_.start(now); }

  void rearm_hold(const State& state, uint32_t slot);
  void rearm_entry(const State& state, uint32_t slot);
  void rearm_sale(const State& state, SaleNumber sale);
  // When the line next moves. Only once a step is over: within it, offers wait for whatever else is due.
  void rearm_line(const State& state, SaleNumber sale, Timestamp now);
  void arm_sale(const State& state, SaleNumber sale, Timestamp at) { timers_.arm(timer_of(state, sale), at); }
  // Of a slot that is another sale's from now on.
  void disarm_sale(uint32_t slot) { timers_.disarm(holds_ + entries_ + slot); }

  // Calls on_hold(slot), on_entry(slot, due) and on_sale(slot, due) for what is due by `now`, at most about `limit`
  // of them, in the order in which they became due; false if more are left.
  template <class OnHold, class OnEntry, class OnSale>
  [[nodiscard]] bool advance(Timestamp now, size_t limit, OnHold&& on_hold, OnEntry&& on_entry, OnSale&& on_sale) {
    return timers_.advance(now, limit, [&](TimerWheel::Timer timer) {
      const Timestamp due = timers_.reached();
      if (timer < holds_) return on_hold(timer);
      if (timer < holds_ + entries_) return on_entry(timer - holds_, due);
      return on_sale(timer - holds_ - entries_, due);
    });
  }

  // Nothing is due before this moment.
  [[nodiscard]] Timestamp next() const { return timers_.next_deadline_hint(); }

 private:
  // Holds first, then entries, then sales.
  [[nodiscard]] TimerWheel::Timer timer_of(const State& state, SaleNumber sale) const {
    return holds_ + entries_ + state.sale_at(sale.value()).slot;
  }
  void set(TimerWheel::Timer timer, const std::optional<Timestamp>& deadline);

  const uint32_t holds_;
  const uint32_t entries_;
  TimerWheel timers_;
};

}  // namespace doorbuster::sale
