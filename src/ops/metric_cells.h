// The numbers behind the metrics: one array of cells a thread, so that counting never touches another thread's cache
// line and needs no lock prefix; whoever asks adds the arrays up.
//
// A thread gets its array with its first count. When it ends, its array keeps what was counted and goes to the next new
// thread, so sums never fall and threads that come and go cost no memory.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

namespace doorbuster::ops {

class MetricCells {
 public:
  // `capacity` cells a thread, all of them reserved when the thread first counts.
  explicit MetricCells(size_t capacity);
  ~MetricCells();
  MetricCells(const MetricCells&) = delete;
  MetricCells& operator=(const MetricCells&) = delete;

  // Takes `count` neighbouring cells for good; returns the first. Asserts that there is room. Any thread, at any time.
  [[nodiscard]] size_t reserve(size_t count);

  // Adds to this thread's cell; a negative number wraps, and comes out right in the sum.
  void add(size_t cell, uint64_t amount) {
    std::atomic<uint64_t>& mine = this_threads_cells()[cell];
    mine.store(mine.load(std::memory_order_relaxed) + amount, std::memory_order_relaxed);
  }

  // Over all threads. What is being counted at this moment may or may not be in it.
  [[nodiscard]] uint64_t sum(size_t cell) const;

  [[nodiscard]] size_t threads() const;

  struct Shard;

 private:
  std::atomic<uint64_t>* this_threads_cells();
  std::atomic<uint64_t>* claim_shard();

  const size_t capacity_;
  const uint64_t id_;  // never used again in this process, unlike an address
  mutable std::mutex mutex_;
  size_t reserved_ = 0;
  std::vector<std::shared_ptr<Shard>> shards_;
};

}  // namespace doorbuster::ops
