// How one thread wakes another that has nothing to do. Rings that come before the sleeper looks are folded into one,
// and a ring while it is awake costs one atomic exchange.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>

namespace doorbuster {

class Doorbell {
 public:
  // Any thread. What was written before the ring is seen by whoever wait() lets go.
  void ring() {
    if (rung_.exchange(true, std::memory_order_seq_cst)) return;
    if (!asleep_.load(std::memory_order_seq_cst)) return;
    const std::lock_guard lock(mutex_);
    wake_.notify_one();
  }

  // One thread. Returns when the bell has been rung since the last wait, or after `limit`, or after an hour: a limit
  // that means "for ever" would overflow the clock.
  void wait(std::chrono::microseconds limit) {
    limit = std::min<std::chrono::microseconds>(limit, std::chrono::hours(1));
    asleep_.store(true, std::memory_order_seq_cst);
    if (!rung_.load(std::memory_order_seq_cst) && limit.count() > 0) {
      std::unique_lock lock(mutex_);
      wake_.wait_for(lock, limit, [&] { return rung_.load(std::memory_order_acquire); });
    }
    asleep_.store(false, std::memory_order_relaxed);
    rung_.exchange(false, std::memory_order_seq_cst);  // an exchange, to see what a ring just now has published
  }

 private:
  std::atomic<bool> rung_{false};
  std::atomic<bool> asleep_{false};
  std::mutex mutex_;
  std::condition_variable wake_;
};

}  // namespace doorbuster
