// Who is at a cell, and what passes between those who are: clients that ask, the host's threads, whoever claims it.
//
// A client that has asked takes the cell's turn by itself, unless another thread is at it, which then takes the turn
// for both (flat combining: Hendler, Incze, Shavit, Tzafrir, SPAA 2010). So a question is decided and answered without
// a switch of threads, and nobody waits for anybody. What a client leaves undone is the timekeeper's.
#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <string>

#include "base/doorbell.h"
#include "base/time.h"
#include "cell/any_cell.h"
#include "ops/metrics/counter.h"
#include "ops/metrics/histogram.h"

namespace doorbuster::cell {

class Host;

// What others may watch of a running cell, without locks. Each number has one writer at a time.
struct CellProbe {
  std::atomic<uint64_t> durable_tail{0};
  ops::Counter batches;
  ops::Counter events;
  ops::Counter snapshots;  // saved
  ops::Counter snapshots_failed;
  ops::Counter recoveries;       // after the store did not know
  ops::Counter replays;          // of the log, the one at the start included
  ops::Histogram append_micros;  // of each batch: how long the log took to make it durable
  ops::Histogram batch_events;
  ops::Histogram wait_micros;  // of each batch: from its first decision until the log was free to take it
  std::atomic<Ownership> ownership{Ownership::kRecovering};
};

class CellRunner {
 public:
  struct Hooks {
    // After each commit, on the thread that is at the cell: followers may read up to here.
    std::function<void(Sequence)> on_durable;
    // What an operator has to know: lost ownership, a snapshot that failed. On any thread.
    std::function<void(const std::string&)> on_trouble;
  };

  // Cell, probe and host outlive it. Before the host starts.
  CellRunner(Host& host, AnyCell& cell, CellProbe& probe, Hooks hooks);
  ~CellRunner();  // stops a host that has threads
  CellRunner(const CellRunner&) = delete;
  CellRunner& operator=(const CellRunner&) = delete;

  // --- Any thread. ---

  // Opens the log by a new epoch and goes live: from the state in memory where that is what the log says, else by a
  // replay. Meanwhile asks are answered with kUnavailable. kCorrupt, kIo and kUnavailable as the log says;
  // kConflict: it is ours already.
  [[nodiscard]] Result<Recovered> claim();
  // Hands the cell over: decides nothing more, has everything durable, saves a last snapshot, and forgets the machine.
  // Blocks for so long. From the first moment on asks are answered with kUnavailable: nothing is lost, what was asked
  // before is answered as it would have been.
  void release();

  // Takes turns as long as there is anything to do, unless another thread is at the cell: then that one does.
  void drive(int turns);

  [[nodiscard]] CellId id() const { return cell_.id(); }

 private:
  friend class Committer;
  friend class Timekeeper;
  friend class SnapshotSaver;
  friend class SnapshotTask;
  friend class Recoverer;
  friend class Host;

  // A client has something else to do, too.
  static constexpr int kTurnsOfClients = 4;
  static constexpr int kTurnsOfTimekeeper = 64;

  // --- At the cell. ---
  [[nodiscard]] bool try_enter() { return !busy_.exchange(true, std::memory_order_seq_cst); }
  void leave();
  bool turn();
  void take_outcome();
  void hand_over();
  void announce_snapshot();
  void note_commit();
  void tell_of_tail() const;
  void note_ownership();
  void tell_of_lost_ownership();

  // --- A thread of the host's, or one that claims or releases. ---
  // Has `act` run at the cell, between two turns, by a client that is there or by the timekeeper; returns when it has
  // run. Whoever calls this may be a thread that can wait: it never holds up the cell.
  void between_turns(const std::function<void()>& act);
  // What became of the batch that was handed over; the next turn hears of it.
  void append_ended(log::Appended outcome, Timestamp began, Timestamp ended);
  [[nodiscard]] Result<Recovered> claim_locked();
  [[nodiscard]] Result<bool> claim_if_in_doubt();
  void drain();
  void save_whole_snapshot();
  void save_last_snapshot();
  // Lets everybody in, or nobody any more, once all is durable that was asked before; false: not yet.
  void open();
  [[nodiscard]] bool try_close();
  void trouble(const std::string& sentence) const {
    if (hooks_.on_trouble) hooks_.on_trouble(sentence);
  }

  Host& host_;
  AnyCell& cell_;
  CellProbe& probe_;
  const Hooks hooks_;

  std::atomic<bool> asked_{false};
  std::atomic<bool> busy_{true};  // somebody is at the cell; or it has not started, or has stopped
  std::atomic<int64_t> due_micros_{INT64_MAX};
  std::atomic<bool> wants_snapshot_written_{false};
  uint64_t announced_snapshot_ = 0;  // the newest that the saver has been rung for; at the cell
  std::atomic<bool> wants_recovery_{false};
  Timestamp recover_at_;  // the recoverer's

  // From hand_over() until the outcome is there, the batch and the outcome are the committer's.
  std::atomic<bool> with_committer_{false};
  log::Batch batch_{};
  Timestamp batch_since_;
  log::Appended outcome_ = log::Appended::kDurable;

  std::mutex visitors_;  // one of the host's threads at a time asks for something between turns
  std::atomic<const std::function<void()>*> visit_{nullptr};
  Doorbell visited_;
  bool is_open_ = false;  // changed before the host's threads begin and after they end

  std::mutex claiming_;  // held by claim() and release()
};

}  // namespace doorbuster::cell
