#include "base/cpu_share.h"

#include <pthread.h>
#include <sched.h>
#include <time.h>

#include <algorithm>

#include "base/assert.h"

namespace doorbuster {
namespace {

constexpr Duration kWindow = Duration::millis(10);
constexpr Duration kRestMax = Duration::millis(200);

Duration time_of(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return Duration::seconds(now.tv_sec) + Duration::micros(now.tv_nsec / 1'000);
}

}  // namespace

Duration CpuShare::rest_after(const CpuUse& now) {
  const Duration wall = now.wall - before_.wall, own = now.own - before_.own;
  if (wall < kWindow) return {};
  const Duration others = now.process - before_.process - own;
  before_ = now;
  const auto due = Duration::micros(static_cast<int64_t>(static_cast<double>(own.micros()) / share_));
  const bool wanted = others * 2 >= wall * cores_;
  owed_ = wanted ? std::clamp(owed_ + due - wall, Duration(), kRestMax) : Duration();
  return owed_;
}

uint32_t usable_cores() {
  cpu_set_t cores;
  CPU_ZERO(&cores);
  if (sched_getaffinity(0, sizeof cores, &cores) != 0) return 1;
  return static_cast<uint32_t>(std::max(1, CPU_COUNT(&cores)));
}

Duration cpu_time_of_process() { return time_of(CLOCK_PROCESS_CPUTIME_ID); }
Duration cpu_time_of_this_thread() { return time_of(CLOCK_THREAD_CPUTIME_ID); }

Duration cpu_time_of(std::thread& thread) {
  clockid_t clock{};
  ASSERT(pthread_getcpuclockid(thread.native_handle(), &clock) == 0);
  return time_of(clock);
}

}  // namespace doorbuster
