// Where a machine records what it has decided: the payload of the batch that its cell is filling.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace doorbuster {

struct EventSink {
  std::vector<std::byte>& payload;
  uint32_t count = 0;  // events recorded through this sink
};

}  // namespace doorbuster
