// A unit goes from one of its sale's counts to another: none is made, and none is lost.
#pragma once

#include <cstdint>

#include "base/assert.h"

namespace doorbuster::sale {

inline void take(uint32_t& from, uint32_t& to) {
  ASSERT(from > 0);
  --from;
  ++to;
}

}  // namespace doorbuster::sale
