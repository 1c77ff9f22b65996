// A cell at work: whoever has something for it drives it, and a thread of its own waits for the disk and for the clock.
//
// A client that has asked takes the cell's turn by itself, unless another thread is at it, which then takes the turn
// for both (flat combining: Hendler, Incze, Shavit, Tzafrir, SPAA 2010). So a question is decided and answered without
// a switch of threads, and nobody waits for anybody.
#pragma once

#include <pthread.h>

#include <atomic>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <thread>

#include "base/doorbell.h"
#include "base/time.h"
#include "cell/cell.h"
#include "ops/metrics/counter.h"
#include "ops/metrics/histogram.h"

namespace doorbuster::cell {

// What others may watch of a running cell, without locks. Each number has one writer at a time: whoever is at the cell,
// or the cell's own thread.
struct CellProbe {
  std::atomic<uint64_t> durable_tail{0};
  ops::Counter batches;
  ops::Counter events;
  ops::Counter snapshots;
  ops::Counter recoveries;
  ops::Histogram append_micros;  // of each batch: how long the log took to make it durable
  ops::Histogram batch_events;
  ops::Histogram wait_micros;  // of each batch: from its first decision until the log was free to take it
  std::atomic<Ownership> ownership{Ownership::kRecovering};
};

template <class Machine>
class CellRunner {
 public:
  struct Hooks {
    // After each commit, on the thread that is at the cell: followers may read up to here.
    std::function<void(Sequence)> on_durable;
    // What an operator has to know: lost ownership, a snapshot that failed. On any thread.
    std::function<void(const std::string&)> on_trouble;
  };

  CellRunner(Cell<Machine>& cell, const Clock& clock, CellProbe& probe, Hooks hooks)
      : cell_(cell), clock_(clock), probe_(probe), hooks_(std::move(hooks)) {
    cell_.on_asked([this] { drive(kTurnsOfClients); });
  }
  ~CellRunner() { stop(); }
  CellRunner(const CellRunner&) = delete;
  CellRunner& operator=(const CellRunner&) = delete;

  // The cell has recovered; from now on only the runner touches it.
  void start() {
    note_ownership();
    thread_ = std::thread([this] { run(); });
    pthread_setname_np(thread_.native_handle(), "cell");
  }

  // Answers what has been asked, makes it durable, saves a snapshot if there is anything new, and ends.
  void stop() {
    if (!thread_.joinable()) return;
    stopping_.store(true, std::memory_order_release);
    bell_.ring();
    thread_.join();
    save_last_snapshot();
  }

 private:
  enum class Job : uint8_t { kNone, kAppend, kSnapshot };

  // A client has something else to do, too: what is left after so many turns is for the cell's own thread.
  static constexpr int kTurnsOfClients = 4;

  void run() {
    open();
    while (true) {
      const bool stopping = stopping_.load(std::memory_order_acquire);
      drive(std::numeric_limits<int>::max());
      if (do_job()) continue;
      if (!try_enter()) {
        wait_for_another();
        continue;
      }
      if (stopping && cell_.is_quiet() && job_ == Job::kNone) return;  // and nobody enters any more
      look_after();
      leave();
      // Whoever has asked meanwhile found the cell taken, and relies on us.
      if (!asked_.load(std::memory_order_seq_cst)) bell_.wait(until_due());
    }
  }

  // Takes turns as long as there is anything to do, unless another thread is at it: then that one does.
  void drive(int turns) {
    asked_.store(true, std::memory_order_seq_cst);
    while (asked_.load(std::memory_order_seq_cst) && try_enter()) {
      while (asked_.exchange(false, std::memory_order_seq_cst)) {
        if (turns-- == 0) {
          asked_.store(true, std::memory_order_relaxed);
          leave();
          return bell_.ring();
        }
        if (turn()) asked_.store(true, std::memory_order_relaxed);
      }
      leave();
    }
  }

  [[nodiscard]] bool try_enter() { return !busy_.exchange(true, std::memory_order_seq_cst); }

  void leave() {
    const int64_t due = cell_.next_deadline().micros();
    due_micros_.store(due, std::memory_order_seq_cst);
    open();
    if (due < asleep_until_.load(std::memory_order_seq_cst)) bell_.ring();
  }
  void open() { busy_.store(false, std::memory_order_seq_cst); }

  // Whether there may be more to do.
  bool turn() {
    take_result();
    const bool busy = cell_.turn(clock_.now());
    hand_over();
    cell_.wake_clients();
    return busy;
  }

  // How long the cell's thread may sleep. Who makes that shorter afterwards rings.
  [[nodiscard]] std::chrono::microseconds until_due() {
    constexpr int64_t kLongest = 100'000;
    int64_t due = 0;
    do {
      due = due_micros_.load(std::memory_order_seq_cst);
      asleep_until_.store(due, std::memory_order_seq_cst);
    } while (due_micros_.load(std::memory_order_seq_cst) != due);
    return std::chrono::microseconds(std::clamp<int64_t>(due - clock_.now().micros(), 0, kLongest));
  }

  // Whoever is at the cell does what is due, and rings when they leave.
  void wait_for_another() {
    asleep_until_.store(INT64_MAX, std::memory_order_seq_cst);
    bell_.wait(std::chrono::milliseconds(1));
  }

  void hand_over() {
    if (job_ != Job::kNone || cell_.ownership() != Ownership::kOwner) return;
    if (auto batch = cell_.begin_append()) {
      batch_ = *batch;
      batch_since_ = cell_.batch_since();
      post(Job::kAppend);
    } else if (cell_.snapshot_is_due()) {
      bell_.ring();
    }
  }

  void post(Job job) {
    job_ = job;
    posted_.store(job, std::memory_order_release);
    bell_.ring();
  }

  void take_result() {
    if (job_ == Job::kNone || posted_.load(std::memory_order_acquire) != Job::kNone) return;
    const Job done = std::exchange(job_, Job::kNone);
    if (done == Job::kSnapshot) return;
    const bool durable = outcome_ == log::Appended::kDurable;
    if (durable) note_commit();
    cell_.finish_append(outcome_);
    if (!durable) lose_ownership();
  }

  // Before the answers leave: whoever has one finds it in what is shown of the cell.
  void note_commit() {
    cell_.note_traces();  // a follower that hears of an event asks for its cause
    const Sequence tail = log::last_of(batch_);
    probe_.batches.add();
    probe_.events.add(batch_.count);
    probe_.batch_events.record(batch_.count);
    probe_.durable_tail.store(tail.value(), std::memory_order_release);
    if (hooks_.on_durable) hooks_.on_durable(tail);
  }

  void note_ownership() {
    probe_.ownership.store(cell_.ownership(), std::memory_order_release);
    probe_.durable_tail.store(cell_.durable_tail().value(), std::memory_order_release);
  }

  void lose_ownership() {
    note_ownership();
    cell_.wake_clients();
    if (cell_.ownership() == Ownership::kFenced)
      return hooks_.on_trouble("another server has taken over this cell's log: this one sells no more");
    hooks_.on_trouble("the store could not say whether the last batch is durable: replaying the log");
    bell_.ring();
  }

  // What takes too long for a client's thread.
  void look_after() {
    if (job_ != Job::kNone) return;
    if (cell_.ownership() == Ownership::kRecovering && clock_.now() >= recover_at_) recover();
    if (cell_.ownership() != Ownership::kOwner) return;
    if (auto snapshot = cell_.take_snapshot_if_due()) {
      snapshot_ = std::move(snapshot);
      post(Job::kSnapshot);
    }
  }

  void recover() {
    constexpr Duration kBetweenAttempts = Duration::seconds(1);
    recover_at_ = clock_.now() + kBetweenAttempts;
    probe_.recoveries.add();
    if (const auto recovered = cell_.recover(clock_.now()); !recovered) {
      hooks_.on_trouble("the log could not be replayed: " + recovered.error().message);
    } else if (hooks_.on_durable) {
      hooks_.on_durable(cell_.durable_tail());  // what was unknown may have turned out durable
    }
    note_ownership();
  }

  // So that the next start has little to replay. The thread has ended.
  void save_last_snapshot() {
    if (cell_.ownership() != Ownership::kOwner || cell_.events_since_snapshot() == 0) return;
    snapshot_ = cell_.take_snapshot();
    save_snapshot();
  }

  bool do_job() {
    const Job job = posted_.load(std::memory_order_acquire);
    if (job == Job::kNone) return false;
    job == Job::kAppend ? append() : save_snapshot();
    posted_.store(Job::kNone, std::memory_order_release);
    return true;
  }

  void append() {
    const Timestamp before = clock_.now();
    outcome_ = cell_.log().append(cell_.lease(), batch_);
    probe_.append_micros.record(micros_between(before, clock_.now()));
    probe_.wait_micros.record(micros_between(batch_since_, before));
  }

  // 0 where the clock was set back meanwhile.
  static uint64_t micros_between(Timestamp from, Timestamp to) {
    return static_cast<uint64_t>(std::max<int64_t>((to - from).micros(), 0));
  }

  void save_snapshot() {
    const auto saved = save(cell_.log(), cell_.lease(), *snapshot_);
    snapshot_.reset();
    probe_.snapshots.add();
    if (!saved)
      hooks_.on_trouble("the snapshot could not be saved; the log alone is enough to start again: " +
                        saved.error().message);
  }

  Cell<Machine>& cell_;
  const Clock& clock_;
  CellProbe& probe_;
  const Hooks hooks_;
  std::thread thread_;
  Doorbell bell_;  // its own
  std::atomic<bool> stopping_{false};
  std::atomic<int64_t> due_micros_{0};
  std::atomic<int64_t> asleep_until_{INT64_MAX};

  std::atomic<bool> asked_{false};
  std::atomic<bool> busy_{true};  // somebody is at the cell; or it has not started, or has stopped

  // The job goes to and fro: whoever `posted_` names owns what is below. kNone: who is at the cell; else its thread.
  std::atomic<Job> posted_{Job::kNone};
  log::Batch batch_{};
  Timestamp batch_since_;
  std::optional<WholeSnapshot> snapshot_;
  log::Appended outcome_ = log::Appended::kDurable;
  // Whoever is at the cell.
  Job job_ = Job::kNone;
  Timestamp recover_at_;
};

}  // namespace doorbuster::cell
