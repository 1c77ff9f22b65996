// Forgetting early what came to nothing, while a table is more than half full: so that what somebody once filled it
// with does not stay until its sale is archived (docs/decisions/0071).
//
// A sweep goes through both tables, a slice at a time of the clock, and looks at each record by itself: there is no
// timer for each. Where it has got to is no state: what is forgotten is an event, so a replay need not know of sweeps,
// and after a restart one begins anew. Shops whose tables are half empty keep everything for its time.
#pragma once

#include "sale/machine/types.h"

namespace doorbuster::sale {

class State;
struct Step;

// What is looked at, and forgotten, at one time of the clock: so that nobody waits for a table of millions.
struct Slice {
  uint32_t looks_left = 8'192;
  uint32_t records_left = 256;
  [[nodiscard]] bool is_done() const { return looks_left == 0 || records_left == 0; }
  [[nodiscard]] bool has_found() const { return records_left < Slice().records_left; }
};

class Sweep {
 public:
  // No tick is needed for it before this moment.
  [[nodiscard]] Timestamp next() const { return next_; }
  // After whatever may have made a table fuller, and at the start.
  void begin_if_crowded(const State& state, Timestamp now);
  // Forgets what may be forgotten of the next slice, once it is time.
  void go_on(Step& step);

 private:
  static constexpr Timestamp kNever = Timestamp::from_micros(INT64_MAX);

  Timestamp next_ = kNever;
  uint32_t holds_ = 0;  // slots that have been looked at
  uint32_t entries_ = 0;
  bool has_found_ = false;  // anything to forget, in this sweep
};

// Whether nobody can have anything to expect of them any more. A hold only if no payment was ever started for it: a
// provider that has said no may still say yes. An entry only if its hold is forgotten, if it had one, and while its
// sale is open not if an operator has removed it: who is forgotten may come again.
[[nodiscard]] bool is_forgettable_hold(const State& state, uint32_t slot, Timestamp now);
[[nodiscard]] bool is_forgettable_entry(const State& state, uint32_t slot, Timestamp now);

}  // namespace doorbuster::sale
