// Keeps work that can wait to a share of one core, while others of the process want most of the machine.
//
// To be nice (this_thread.h) is not enough for work that comes in small pieces: where others sleep often, waiting for
// the disk, it finds the core free each time, and is in the way when they wake.
#pragma once

#include <cstdint>
#include <thread>

#include "base/time.h"

namespace doorbuster {

// Counted from any beginning, and growing.
struct CpuUse {
  Duration wall;     // time that has gone by
  Duration process;  // CPU of all threads
  Duration own;      // of that, CPU of the work
};

class CpuShare {
 public:
  // `share` of one core, above 0 and at most 1; `cores` is how many the process may use.
  CpuShare(double share, uint32_t cores) : share_(share), cores_(cores) {}

  // How long the work has to rest from now on, so that it has had no more than its share since others began to want the
  // cores; what it uses while it rests (others may work for it) counts as well. None if it asks again within some
  // milliseconds, or if others have left more than half of the cores' time free.
  [[nodiscard]] Duration rest_after(const CpuUse& now);

 private:
  const double share_;
  const uint32_t cores_;
  CpuUse before_ = {};
  Duration owed_;  // that it should have rested, and has not
};

[[nodiscard]] uint32_t usable_cores();
[[nodiscard]] Duration cpu_time_of_process();
[[nodiscard]] Duration cpu_time_of_this_thread();
// A thread that has not been joined.
[[nodiscard]] Duration cpu_time_of(std::thread& thread);

}  // namespace doorbuster
