// Numbers that one thread counts and any thread may read at any time.
//
// A counter lies beside what it counts, and only its owner writes it (one thread, or one after another under a lock).
// So counting is a load and a store to the owner's own cache line: no lock prefix, no look-up by thread (decision
// 0033). Where several threads count the same, each has a counter of its own, and whoever asks adds them up.
#pragma once

#include <atomic>
#include <cstdint>

namespace doorbuster::ops {

// Only grows.
class Counter {
 public:
  void add(uint64_t count = 1) {
    value_.store(value_.load(std::memory_order_relaxed) + count, std::memory_order_relaxed);
  }
  [[nodiscard]] uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<uint64_t> value_{0};
};

// How many there are now.
class Gauge {
 public:
  void set(int64_t value) { value_.store(value, std::memory_order_relaxed); }
  void add(int64_t count) { set(value() + count); }
  void subtract(int64_t count) { set(value() - count); }
  [[nodiscard]] int64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<int64_t> value_{0};
};

}  // namespace doorbuster::ops
