// A cell on two threads: one decides, the other waits for the disk.
#pragma once

#include <pthread.h>

#include <atomic>
#include <functional>
#include <optional>
#include <string>
#include <thread>

#include "base/time.h"
#include "cell/cell.h"

namespace doorbuster::cell {

// What others may watch of a running cell, without locks.
struct CellProbe {
  std::atomic<uint64_t> durable_tail{0};
  std::atomic<uint64_t> batches{0};
  std::atomic<uint64_t> events{0};
  std::atomic<uint64_t> append_micros{0};  // all appends together
  std::atomic<uint64_t> snapshots{0};
  std::atomic<uint64_t> recoveries{0};
  std::atomic<Standing> standing{Standing::kRecovering};
};

template <class Machine>
class CellRunner {
 public:
  struct Hooks {
    // On the cell's thread, after each commit: followers may read up to here.
    std::function<void(Sequence)> on_durable;
    // What an operator has to know: lost ownership, a snapshot that failed. On either thread.
    std::function<void(const std::string&)> on_trouble;
  };

  CellRunner(Cell<Machine>& cell, const Clock& clock, CellProbe& probe, Hooks hooks)
      : cell_(cell), clock_(clock), probe_(probe), hooks_(std::move(hooks)) {}
  ~CellRunner() { stop(); }
  CellRunner(const CellRunner&) = delete;
  CellRunner& operator=(const CellRunner&) = delete;

  // The cell has recovered; from now on only the runner touches it.
  void start() {
    note_standing();
    writer_ = std::thread([this] { write(); });
    decider_ = std::thread([this] { run(); });
    pthread_setname_np(writer_.native_handle(), "cell-writer");
    pthread_setname_np(decider_.native_handle(), "cell");
  }

  // Answers what has been asked, makes it durable, saves a snapshot if there is anything new, and ends both threads.
  void stop() {
    if (!decider_.joinable()) return;
    stopping_.store(true, std::memory_order_release);
    cell_.bell().ring();
    decider_.join();
    writer_stopping_.store(true, std::memory_order_release);
    writer_bell_.ring();
    writer_.join();
    save_last_snapshot();
  }

 private:
  enum class Job : uint8_t { kNone, kAppend, kSnapshot };

  void run() {
    while (true) {
      const bool stopping = stopping_.load(std::memory_order_acquire);
      take_writers_result();
      const bool busy = cell_.turn(clock_.now());
      hand_to_writer();
      cell_.wake_clients();
      if (busy) continue;
      if (cell_.standing() == Standing::kRecovering && job_ == Job::kNone && !stopping) recover_now_and_then();
      if (stopping && cell_.is_quiet() && job_ == Job::kNone) return;
      cell_.bell().wait(until_next_deadline());
    }
  }

  [[nodiscard]] std::chrono::microseconds until_next_deadline() const {
    constexpr int64_t kLongest = 100'000;
    const int64_t left = (cell_.next_deadline() - clock_.now()).micros();
    return std::chrono::microseconds(std::clamp<int64_t>(left, 0, kLongest));
  }

  void hand_to_writer() {
    if (job_ != Job::kNone || cell_.standing() != Standing::kOwner) return;
    if (auto batch = cell_.seal()) {
      batch_ = *batch;
      start_job(Job::kAppend);
    } else if (auto snapshot = cell_.take_snapshot_if_due()) {
      snapshot_ = std::move(snapshot);
      start_job(Job::kSnapshot);
    }
  }

  void start_job(Job job) {
    job_ = job;
    posted_.store(job, std::memory_order_release);
    writer_bell_.ring();
  }

  void take_writers_result() {
    if (job_ == Job::kNone || posted_.load(std::memory_order_acquire) != Job::kNone) return;
    const Job done = std::exchange(job_, Job::kNone);
    if (done == Job::kSnapshot) return;
    const bool durable = outcome_ == log::Appended::kDurable;
    if (durable) note_commit();
    cell_.committed(outcome_);
    if (!durable) lose_standing();
  }

  // Before the answers leave: whoever has one finds it in what is shown of the cell.
  void note_commit() {
    cell_.tell_causes();  // a follower that hears of an event asks for its cause
    const Sequence tail = log::last_of(batch_);
    probe_.batches.fetch_add(1, std::memory_order_relaxed);
    probe_.events.fetch_add(batch_.count, std::memory_order_relaxed);
    probe_.durable_tail.store(tail.value(), std::memory_order_release);
    if (hooks_.on_durable) hooks_.on_durable(tail);
  }

  void note_standing() {
    probe_.standing.store(cell_.standing(), std::memory_order_release);
    probe_.durable_tail.store(cell_.durable_tail().value(), std::memory_order_release);
  }

  void lose_standing() {
    note_standing();
    cell_.wake_clients();
    if (cell_.standing() == Standing::kFenced)
      return hooks_.on_trouble("another server has taken over this cell's log: this one sells no more");
    hooks_.on_trouble("the store could not say whether the last batch is durable: replaying the log");
    recover();
  }

  void recover_now_and_then() {
    if (clock_.now() >= recover_at_) recover();
  }

  void recover() {
    constexpr Duration kBetweenAttempts = Duration::seconds(1);
    recover_at_ = clock_.now() + kBetweenAttempts;
    probe_.recoveries.fetch_add(1, std::memory_order_relaxed);
    if (const auto recovered = cell_.recover(clock_.now()); !recovered) {
      hooks_.on_trouble("the log could not be replayed: " + recovered.error().message);
    } else if (hooks_.on_durable) {
      hooks_.on_durable(cell_.durable_tail());  // what was unknown may have turned out durable
    }
    note_standing();
  }

  // So that the next start has little to replay. Both threads have ended.
  void save_last_snapshot() {
    if (cell_.standing() != Standing::kOwner || cell_.events_since_snapshot() == 0) return;
    snapshot_ = cell_.take_snapshot();
    save_snapshot();
  }

  void write() {
    while (true) {
      const Job job = posted_.load(std::memory_order_acquire);
      if (job != Job::kNone) {
        job == Job::kAppend ? append() : save_snapshot();
        posted_.store(Job::kNone, std::memory_order_release);
        cell_.bell().ring();
      } else if (writer_stopping_.load(std::memory_order_acquire)) {
        return;
      } else {
        writer_bell_.wait(std::chrono::seconds(1));
      }
    }
  }

  void append() {
    const Timestamp before = clock_.now();
    outcome_ = cell_.log().append(cell_.lease(), batch_);
    const int64_t micros = (clock_.now() - before).micros();
    probe_.append_micros.fetch_add(static_cast<uint64_t>(std::max<int64_t>(micros, 0)), std::memory_order_relaxed);
  }

  void save_snapshot() {
    const auto saved = cell_.log().save_snapshot(cell_.lease(), *snapshot_);
    snapshot_.reset();
    probe_.snapshots.fetch_add(1, std::memory_order_relaxed);
    if (!saved)
      hooks_.on_trouble("the snapshot could not be saved; the log alone is enough to start again: " +
                        saved.error().message);
  }

  Cell<Machine>& cell_;
  const Clock& clock_;
  CellProbe& probe_;
  const Hooks hooks_;
  std::thread decider_;
  std::thread writer_;
  std::atomic<bool> stopping_{false};
  std::atomic<bool> writer_stopping_{false};
  Doorbell writer_bell_;

  // The job goes to and fro: whoever `posted_` names owns what is below. kNone: the decider; else the writer.
  std::atomic<Job> posted_{Job::kNone};
  log::Batch batch_{};
  std::optional<log::Snapshot> snapshot_;
  log::Appended outcome_ = log::Appended::kDurable;
  // The decider's own view of it.
  Job job_ = Job::kNone;
  Timestamp recover_at_;
};

}  // namespace doorbuster::cell
