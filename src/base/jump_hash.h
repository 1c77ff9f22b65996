// Which of so many buckets a key belongs to, evenly, so that one more bucket moves only the keys that belong to it
// (Lamping and Veach, "A Fast, Minimal Memory, Consistent Hash Algorithm", 2014, figure 1).
#pragma once

#include <cstdint>

#include "base/assert.h"

namespace doorbuster {

[[nodiscard]] inline uint32_t jump_hash(uint64_t key, uint32_t buckets) {
  ASSERT(buckets > 0);
  int64_t bucket = 0;
  for (int64_t next = 0; next < int64_t{buckets};) {
    bucket = next;
    key = key * 2'862'933'555'777'941'757 + 1;
    next = static_cast<int64_t>(static_cast<double>(bucket + 1) *
                                (static_cast<double>(int64_t{1} << 31) / static_cast<double>((key >> 33) + 1)));
  }
  return static_cast<uint32_t>(bucket);
}

}  // namespace doorbuster
