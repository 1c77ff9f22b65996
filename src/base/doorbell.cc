#include "base/doorbell.h"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>

namespace doorbuster {
namespace {

static_assert(sizeof(std::atomic<uint32_t>) == sizeof(uint32_t) && std::atomic<uint32_t>::is_always_lock_free);

// Sleeps while the word is `expected`, at most that long (futex(2)); may also return for no reason.
void sleep_while(std::atomic<uint32_t>& word, uint32_t expected, std::chrono::nanoseconds limit) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(limit);
  const timespec time{.tv_sec = seconds.count(), .tv_nsec = (limit - seconds).count()};
  syscall(SYS_futex, reinterpret_cast<uint32_t*>(&word), FUTEX_WAIT_PRIVATE, expected, &time, nullptr, 0);
}

}  // namespace

void Doorbell::wait(std::chrono::microseconds limit) {
  using std::chrono::steady_clock;
  const steady_clock::time_point end =
      steady_clock::now() + std::min<std::chrono::microseconds>(limit, std::chrono::hours(1));
  asleep_.store(true, std::memory_order_seq_cst);
  while (rung_.load(std::memory_order_seq_cst) == 0) {
    const std::chrono::nanoseconds left = end - steady_clock::now();
    if (left.count() <= 0) break;
    sleep_while(rung_, 0, left);
  }
  asleep_.store(false, std::memory_order_relaxed);
  rung_.exchange(0, std::memory_order_seq_cst);  // an exchange, to see what a ring just now has published
}

void Doorbell::wake() {
  syscall(SYS_futex, reinterpret_cast<uint32_t*>(&rung_), FUTEX_WAKE_PRIVATE, 1, nullptr, nullptr, 0);
}

}  // namespace doorbuster
