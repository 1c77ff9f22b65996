#include "base/large_blocks.h"

#include <malloc.h>

#include <cstdlib>

namespace doorbuster {

void return_large_blocks() {
  if (std::getenv("MALLOC_MMAP_THRESHOLD_") != nullptr || std::getenv("GLIBC_TUNABLES") != nullptr) return;
  mallopt(M_MMAP_THRESHOLD, kLargeBlockBytes);
}

}  // namespace doorbuster
