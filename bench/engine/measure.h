// What every measurement of the engine needs: clocks of CPU and of the wall, resident memory, percentiles.
#pragma once

#include <cstdint>
#include <vector>

namespace doorbuster::bench {

[[nodiscard]] double wall_seconds();
[[nodiscard]] double process_cpu_seconds();
[[nodiscard]] double thread_cpu_seconds();  // the calling thread's
[[nodiscard]] uint64_t resident_bytes();

// The value below which `share` of all lie; 0 if there are none. Reorders.
[[nodiscard]] int64_t percentile(std::vector<int64_t>& values, double share);

}  // namespace doorbuster::bench
