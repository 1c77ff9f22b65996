// How one thread wakes another that has nothing to do. Rings that come before the sleeper looks are folded into one,
// and a ring while it is awake costs one atomic exchange.
//
// The bell is a futex of its own, not a condition variable: whoever is woken by one needs its mutex first, which the
// ringer still holds, and where both share a core that is two switches of threads more for each ring.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

namespace doorbuster {

class Doorbell {
 public:
  // Any thread. What was written before the ring is seen by whoever wait() lets go.
  void ring() {
    if (rung_.exchange(1, std::memory_order_seq_cst) == 1) return;
    if (asleep_.load(std::memory_order_seq_cst)) wake();
  }

  // One thread. Returns when the bell has been rung since the last wait, or after `limit`, or after an hour.
  void wait(std::chrono::microseconds limit);

 private:
  void wake();

  std::atomic<uint32_t> rung_{0};  // 0 or 1: what the kernel compares before it puts a thread to sleep
  std::atomic<bool> asleep_{false};
};

}  // namespace doorbuster
