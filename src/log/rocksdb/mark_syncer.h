// The threads that sync the marks of all cells: at most kThreadsMax, however many cells there are.
//
// The file of a mark that was raised is synced when its last sync is `interval` ago. One thread would do for one cell;
// but a sync of each of 255 files one by one takes a second on a disk where eight at a time take 30 ms, because the
// disk flushes once for all who wait at the same moment. So there are a few, and none that no file needs.
#pragma once

#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

#include "base/time.h"

namespace doorbuster::log {

class MarkFile;

class MarkSyncer {
 public:
  using Due = std::chrono::steady_clock::time_point;
  static constexpr size_t kThreadsMax = 8;

  explicit MarkSyncer(Duration interval) : interval_(interval.micros()) {}
  MarkSyncer(const MarkSyncer&) = delete;
  MarkSyncer& operator=(const MarkSyncer&) = delete;
  ~MarkSyncer();  // after that of the last file

  // A file announces itself before it wants anything.
  void add();
  void remove();
  // Calls MarkFile::sync at `due` or soon after. A file is in the queue once at most.
  void enqueue(MarkFile& file, Due due);
  // Whether the file was in the queue; it is no longer.
  [[nodiscard]] bool dequeue(const MarkFile& file);
  [[nodiscard]] Due next_due() const;  // of a file whose sync has just ended

 private:
  void sync_until_stopped();

  const std::chrono::microseconds interval_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::multimap<Due, MarkFile*> due_;  // guarded by mutex_, as are the rest
  size_t files_ = 0;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace doorbuster::log
