// How other threads reach a reactor: they put their message where both sides know (a ring, usually), then notify. The
// reactor calls the inbox's drain function on its own thread, once for as many notifications as came since.
//
// Costs a notifier one exchange, and a system call only if the reactor sleeps and nobody has woken it yet.
#pragma once

#include <atomic>
#include <functional>
#include <utility>

namespace doorbuster::net {

// Wakes a sleeping loop, from any thread.
class Waker {
 public:
  Waker();
  ~Waker();
  Waker(const Waker&) = delete;
  Waker& operator=(const Waker&) = delete;

  void wake_if_asleep() {
    if (asleep_.load(std::memory_order_seq_cst)) signal();
  }
  // The loop's side: says that it is about to sleep. What was notified before is seen by whoever checks after this.
  void going_to_sleep() { asleep_.store(true, std::memory_order_seq_cst); }
  void awake() { asleep_.store(false, std::memory_order_relaxed); }
  // An eventfd, to be watched edge-triggered and never read.
  [[nodiscard]] int descriptor() const { return descriptor_; }

 private:
  void signal();

  std::atomic<bool> asleep_{false};
  int descriptor_;
};

class Inbox {
 public:
  Inbox(Waker& waker, std::function<void()> drain) : waker_(waker), drain_(std::move(drain)) {}

  // Any thread. What was written before is visible to the drain function that follows.
  void notify() {
    if (!pending_.exchange(true, std::memory_order_seq_cst)) waker_.wake_if_asleep();
  }

  // The loop's side.
  [[nodiscard]] bool pending() const { return pending_.load(std::memory_order_seq_cst); }
  bool drain_if_pending() {
    if (!pending_.load(std::memory_order_relaxed) || !pending_.exchange(false, std::memory_order_seq_cst)) return false;
    drain_();
    return true;
  }

 private:
  std::atomic<bool> pending_{false};
  Waker& waker_;
  std::function<void()> drain_;
};

}  // namespace doorbuster::net
