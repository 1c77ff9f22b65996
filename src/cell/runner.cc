#include "cell/runner.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "cell/host.h"

namespace doorbuster::cell {
namespace {

uint64_t micros_between(Timestamp from, Timestamp to) {
  return static_cast<uint64_t>(std::max<int64_t>((to - from).micros(), 0));
}

}  // namespace

CellRunner::CellRunner(Host& host, AnyCell& cell, CellProbe& probe, Hooks hooks)
    : host_(host), cell_(cell), probe_(probe), hooks_(std::move(hooks)) {
  host_.add(*this);
  cell_.on_asked([this] { drive(kTurnsOfClients); });
}

CellRunner::~CellRunner() { host_.stop_threads(); }

void CellRunner::drive(int turns) {
  asked_.store(true, std::memory_order_seq_cst);
  while (asked_.load(std::memory_order_seq_cst) && try_enter()) {
    while (asked_.exchange(false, std::memory_order_seq_cst)) {
      if (turns-- == 0) {
        asked_.store(true, std::memory_order_relaxed);
        leave();
        return host_.ring_timekeeper();
      }
      if (turn()) asked_.store(true, std::memory_order_relaxed);
    }
    leave();
  }
}

void CellRunner::leave() {
  const int64_t due = cell_.next_deadline().micros();
  due_micros_.store(due, std::memory_order_seq_cst);
  busy_.store(false, std::memory_order_seq_cst);
  if (host_.timekeeper().is_late(due)) host_.ring_timekeeper();
}

// Whether there may be more to do.
bool CellRunner::turn() {
  take_outcome();
  if (const auto* act = visit_.load(std::memory_order_acquire)) {
    (*act)();
    visit_.store(nullptr, std::memory_order_release);
    visited_.ring();
  }
  const bool busy = cell_.turn(host_.clock().now());
  hand_over();
  cell_.wake_clients();
  return busy;
}

void CellRunner::hand_over() {
  const auto batch = cell_.begin_append();
  if (!batch) return;
  batch_ = *batch;
  batch_since_ = cell_.batch_since();
  with_committer_.store(true, std::memory_order_release);
  host_.ring_committer();
}

void CellRunner::append_ended(log::Appended outcome, Timestamp began, Timestamp ended) {
  outcome_ = outcome;
  probe_.append_micros.record(micros_between(began, ended));
  probe_.wait_micros.record(micros_between(batch_since_, began));
  with_committer_.store(false, std::memory_order_release);
}

void CellRunner::take_outcome() {
  if (!cell_.is_appending() || with_committer_.load(std::memory_order_acquire)) return;
  const bool durable = outcome_ == log::Appended::kDurable;
  if (durable) note_commit();
  cell_.finish_append(outcome_);
  if (!durable) return tell_of_lost_ownership();
  announce_snapshot();
}

// Each one once.
void CellRunner::announce_snapshot() {
  const auto what = cell_.snapshot_to_write();
  if (!what || what->number == announced_snapshot_) return;
  announced_snapshot_ = what->number;
  wants_snapshot_written_.store(true, std::memory_order_release);
  host_.ring_snapshot_saver();
}

// Before the answers leave: whoever has one finds it in what is shown of the cell.
void CellRunner::note_commit() {
  cell_.note_traces();  // a follower that hears of an event asks for its trace
  const Sequence tail = log::last_of(batch_);
  probe_.batches.add();
  probe_.events.add(batch_.count);
  probe_.batch_events.record(batch_.count);
  probe_.durable_tail.store(tail.value(), std::memory_order_release);
  if (hooks_.on_durable) hooks_.on_durable(tail);
}

// What was unknown may have turned out durable.
void CellRunner::tell_of_tail() const {
  if (hooks_.on_durable) hooks_.on_durable(cell_.durable_tail());
}

void CellRunner::note_ownership() {
  probe_.ownership.store(cell_.ownership(), std::memory_order_release);
  probe_.durable_tail.store(cell_.durable_tail().value(), std::memory_order_release);
}

void CellRunner::tell_of_lost_ownership() {
  note_ownership();
  if (cell_.ownership() == Ownership::kFenced)
    return trouble("another server has taken over this cell's log: this one decides nothing more");
  if (cell_.ownership() == Ownership::kReleased)
    return trouble("the store could not say whether the last batch before the release is durable");
  trouble("the store could not say whether the last batch is durable: opening the log again");
  wants_recovery_.store(true, std::memory_order_release);
  host_.ring_recoverer();
}

void CellRunner::between_turns(const std::function<void()>& act) {
  const std::lock_guard lock(visitors_);
  if (!is_open_) return act();  // nobody else is there
  visit_.store(&act, std::memory_order_release);
  asked_.store(true, std::memory_order_seq_cst);
  host_.ask_timekeeper();
  while (visit_.load(std::memory_order_acquire) != nullptr) visited_.wait(std::chrono::milliseconds(1));
}

Result<Recovered> CellRunner::claim() {
  const std::lock_guard lock(claiming_);
  const Ownership now = probe_.ownership.load(std::memory_order_acquire);
  if (now == Ownership::kOwner || now == Ownership::kDraining)
    return fail(ErrorCode::kConflict, "cell " + std::to_string(cell_.id().value()) + " is this server's already");
  return claim_locked();
}

Result<Recovered> CellRunner::claim_locked() {
  const log::Lease lease = TRY(cell_.log().open(cell_.id(), cell_.opener()));
  Recovered recovered{.lease = lease, .resumed = Resumed::kReplay, .snapshot_at = {}, .replayed = 0, .last_time = {}};
  between_turns([&] {
    recovered.resumed = cell_.resume(lease, host_.clock().now());
    note_ownership();
    if (recovered.resumed != Resumed::kReplay) tell_of_tail();
  });
  if (recovered.resumed == Resumed::kReplay) {
    recovered = TRY(cell_.replay(lease));
    probe_.replays.add();
    between_turns([&] {
      cell_.install();
      note_ownership();
      tell_of_tail();
    });
  }
  return recovered;
}

// Unless somebody has claimed or released it meanwhile.
Result<bool> CellRunner::claim_if_in_doubt() {
  const std::lock_guard lock(claiming_);
  if (probe_.ownership.load(std::memory_order_acquire) != Ownership::kRecovering) return false;
  TRY(claim_locked());
  return true;
}

void CellRunner::release() {
  const std::lock_guard lock(claiming_);
  drain();
  if (probe_.ownership.load(std::memory_order_acquire) != Ownership::kDraining) return;
  save_whole_snapshot();
  between_turns([&] {
    cell_.finish_release();
    note_ownership();
  });
}

// Until all is durable, or the cell has lost its log on the way.
void CellRunner::drain() {
  const auto is_draining = [&](bool begin) {
    bool waits = false;
    between_turns([&] {
      if (begin) cell_.begin_release();
      note_ownership();
      waits = cell_.ownership() == Ownership::kDraining && !cell_.is_quiet();
    });
    return waits;
  };
  for (bool waits = is_draining(true); waits; waits = is_draining(false)) host_.let_append();
}

// So that whoever starts from here has little to replay.
void CellRunner::save_whole_snapshot() {
  std::optional<SnapshotToWrite> what;
  between_turns([&] {
    if (cell_.events_since_snapshot() == 0) return;
    cell_.begin_snapshot();
    what = cell_.snapshot_to_write();
  });
  if (!what) return;
  SnapshotTask task(*this, std::move(*what));
  while (task.step()) {
  }
}

void CellRunner::save_last_snapshot() {
  if (cell_.ownership() == Ownership::kOwner || cell_.ownership() == Ownership::kDraining) save_whole_snapshot();
}

void CellRunner::open() {
  is_open_ = true;
  note_ownership();
  leave();
  if (asked_.load(std::memory_order_seq_cst)) drive(kTurnsOfClients);
}

bool CellRunner::try_close() {
  drive(std::numeric_limits<int>::max());
  if (!try_enter()) return false;
  const bool owns = cell_.ownership() == Ownership::kOwner || cell_.ownership() == Ownership::kDraining;
  if (cell_.is_appending() || (owns && !cell_.is_quiet())) {
    leave();
    return false;
  }
  if (!owns) cell_.give_up_doubt();
  cell_.wake_clients();
  is_open_ = false;
  return true;  // and nobody enters any more
}

}  // namespace doorbuster::cell
