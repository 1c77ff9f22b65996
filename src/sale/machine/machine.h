// The machine that decides: all sales of one cell, as a pure function of its log.
//
// decide(command, now) answers, and records the events that make the answer true; tick(now) does what time alone brings
// about (a sale opens, an offer lapses, a hold expires, the next in line is offered a unit). Both change the state only
// through the events they record, so applying a log gives the same state (apply, then go_live). The machine never asks
// for the time, and `now` never goes back.
//
// How each command is decided stands in decide_*.cc, what time brings about in due.cc: free functions over one step
// (step.h). The invariants of the contract are assertions in apply.cc and, for a whole state, in invariants.h.
#pragma once

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "base/event_sink.h"
#include "sale/machine/command.h"
#include "sale/machine/retention.h"
#include "sale/machine/state.h"
#include "sale/machine/step.h"

namespace doorbuster::sale {

class Machine {
 public:
  // What its batches and its snapshots say of it.
  static constexpr std::string_view kKind = "sale";
  static constexpr uint32_t kSnapshotVersion = 14;

  using Command = sale::Command;
  using Reply = sale::Reply;
  using Publication = sale::Publication;

  // The numbers of its sales say its cell.
  explicit Machine(const Capacity& capacity, EntryNamer namer = plain_entry_name, CellId cell = CellId{0});

  // --- Replay: load a snapshot into a fresh machine, if there is one, apply batches in order, then go_live once. ---

  [[nodiscard]] Result<void> load_part(Bytes part) { return state_.load_part(part); }
  [[nodiscard]] Result<void> finish_load() { return state_.finish_load(); }
  [[nodiscard]] Result<void> load(Bytes bytes) { return state_.load(bytes); }  // all parts at once
  [[nodiscard]] Result<void> apply(Bytes payload, Timestamp at);
  [[nodiscard]] Result<void> check_limits() const { return state_.check_limits(); }
  // Arms every deadline. `now` is not before the last batch.
  void go_live(Timestamp now);

  // --- Life. ---

  [[nodiscard]] Reply decide(const Command& command, Timestamp now, EventSink& events);
  // Does at most about `limit` things that are due; false if more are left, and then it has to be called again before
  // anything is decided at this `now`.
  [[nodiscard]] bool tick(Timestamp now, size_t limit, EventSink& events);
  // No tick is needed before this moment.
  [[nodiscard]] Timestamp next_deadline() const { return std::min(deadlines_.next(), sweep_.next()); }
  // A hint that `command` will be decided soon: its place in memory is fetched meanwhile.
  void prefetch(const Command& command) const;

  // Calls take(Publication&&) for each sale that has changed since the last call.
  template <class Take>
  void take_publications(Take&& take) {
    changes_.take(state_, std::forward<Take>(take));
  }

  // A snapshot of the state as it is now, in parts between which the machine goes on deciding (state.h).
  void begin_snapshot() { state_.begin_snapshot(); }
  [[nodiscard]] bool save_part(std::vector<std::byte>& out, size_t bytes = State::kPartBytes) {
    return state_.save_part(out, bytes);
  }
  void drop_snapshot() { state_.drop_snapshot(); }
  void save(std::vector<std::byte>& out) const { state_.save(out); }  // all parts at once

  [[nodiscard]] const State& state() const { return state_; }

 private:
  [[nodiscard]] Step begin_step(Timestamp now, EventSink& events) {
    return {state_, deadlines_, changes_, follow_ups_, archiving_, now, events};
  }

  State state_;
  Deadlines deadlines_;
  Changes changes_;
  FollowUps follow_ups_;
  Archiving archiving_;
  Sweep sweep_;
};

}  // namespace doorbuster::sale
