#include "base/this_thread.h"

#include <pthread.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>

namespace doorbuster {
namespace {

constexpr size_t kNameMax = 15;           // pthread_setname_np(3)
constexpr uint64_t kTurnNanos = 100'000;  // the kernel's least (sched-eevdf); its default is some milliseconds
constexpr int kNiceOfThoseWhoCanWait = 10;

// struct sched_attr of sched_setattr(2), which glibc 2.36 does not declare, as it was at first (Linux 3.14).
struct SchedulingAttributes {
  uint32_t size = sizeof(SchedulingAttributes);
  uint32_t policy = SCHED_OTHER;
  uint64_t flags = 0;
  int32_t nice = 0;
  uint32_t priority = 0;
  uint64_t runtime = 0;  // nanoseconds; of SCHED_OTHER: how long a turn is
  uint64_t deadline = 0;
  uint64_t period = 0;
};

}  // namespace

// On Linux a thread has a policy and a nice value of its own: sched(7).
void begin_thread(const std::string& name, Urgency urgency) {
  pthread_setname_np(pthread_self(), name.substr(0, kNameMax).c_str());
  if (urgency == Urgency::kUsual || sched_getscheduler(0) != SCHED_OTHER) return;
  SchedulingAttributes wanted{.nice = getpriority(PRIO_PROCESS, 0)};
  if (urgency == Urgency::kWaitedFor) wanted.runtime = kTurnNanos;
  if (urgency == Urgency::kCanWait) wanted.nice = std::max(wanted.nice, kNiceOfThoseWhoCanWait);
  syscall(SYS_sched_setattr, 0, &wanted, 0);
}

}  // namespace doorbuster
