// Many cells in one process, over one log: with as many threads for one cell as for a thousand.
//
//   committer       makes the batches of all cells durable, as many as are ready by one sync
//   timekeeper      does what is due, and what clients have left undone
//   snapshot saver  writes snapshots, a part at a time
//   recoverer       opens logs again when the store did not know
//
// None of them decides more than it must: whoever asks drives (runner.h, docs/decisions/0012). They are four because
// each of them may wait for the disk, for a minute on a bad day, and the others must not.
//
// Without threads the same rounds are there to be called, by a test or by the simulator: then the host does nothing by
// itself, and whoever drives it decides what happens in which order.
#pragma once

#include <chrono>
#include <thread>
#include <vector>

#include "cell/committer.h"
#include "cell/recoverer.h"
#include "cell/runner.h"
#include "cell/snapshot_saver.h"
#include "cell/timekeeper.h"
#include "cell/worker_thread.h"

namespace doorbuster::cell {

class Host {
 public:
  enum class Threads : uint8_t { kOwn, kNone };

  Host(log::Log& log, const Clock& clock)
      : clock_(clock),
        committer_(log, clock, cells_),
        timekeeper_(clock, cells_),
        saver_(cells_),
        recoverer_(clock, cells_) {}
  ~Host() { stop_threads(); }
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;

  // From now on clients drive. Cells that are claimed decide, the others say kUnavailable.
  void start(Threads threads = Threads::kOwn);

  // Answers what has been asked and has it durable; saves a snapshot of every cell that has anything new; ends. The
  // clients must ask no more. A snapshot that is being written is given up, but a store that is in the middle of a part
  // is waited for.
  void stop();

  // The same if there are threads. A host without may be left at any time, as a process that is killed.
  void stop_threads() {
    if (threads_ == Threads::kOwn) stop();
  }

  // The rounds, where there are no threads.
  [[nodiscard]] Committer& committer() { return committer_; }
  [[nodiscard]] Timekeeper& timekeeper() { return timekeeper_; }
  [[nodiscard]] SnapshotSaver& snapshot_saver() { return saver_; }
  [[nodiscard]] Recoverer& recoverer() { return recoverer_; }

  // --- The runners'. ---
  void add(CellRunner& cell);
  [[nodiscard]] const Clock& clock() const { return clock_; }
  [[nodiscard]] const Timekeeper& timekeeper() const { return timekeeper_; }
  void ring_committer() { committer_thread_.ring(); }
  void ring_timekeeper() { timekeeper_thread_.ring(); }
  // For who needs a turn of a cell: the timekeeper will take it, or has.
  void ask_timekeeper();
  void ring_snapshot_saver() { saver_thread_.ring(); }
  void ring_recoverer() { recoverer_thread_.ring(); }
  // For who waits until a batch is durable: lets the committer do its work, or does it.
  void let_append();

 private:
  const Clock& clock_;
  std::vector<CellRunner*> cells_;
  Committer committer_;
  Timekeeper timekeeper_;
  SnapshotSaver saver_;
  Recoverer recoverer_;
  WorkerThread committer_thread_;
  WorkerThread timekeeper_thread_;
  WorkerThread saver_thread_;
  WorkerThread recoverer_thread_;
  bool is_started_ = false;
  Threads threads_ = Threads::kNone;
};

}  // namespace doorbuster::cell
