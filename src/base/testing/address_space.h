// How many addresses this process has mapped, whether it has touched their memory or not.
#pragma once

#include <unistd.h>

#include <cstddef>
#include <fstream>

namespace doorbuster {

inline size_t address_space_bytes() {
  size_t pages = 0;
  std::ifstream("/proc/self/statm") >> pages;
  return pages * static_cast<size_t>(sysconf(_SC_PAGESIZE));
}

}  // namespace doorbuster
