// How long processes have been on a core.
#pragma once

#include <sys/types.h>

#include <optional>

#include "base/time.h"

namespace doorbuster::stampede {

// Of all its threads, in the kernel and out of it.
[[nodiscard]] Duration cpu_of_this_process();

// The same of another process, in steps of 10 ms; nothing when there is none of that number.
[[nodiscard]] std::optional<Duration> cpu_of(pid_t process);

}  // namespace doorbuster::stampede
