// What the process asks of the C library's allocator.
#pragma once

#include <cstddef>

namespace doorbuster {

// A block of this size or more has a mapping of its own.
inline constexpr size_t kLargeBlockBytes = size_t{512} << 10;

// Lets large blocks go back to the system as soon as they are freed. glibc else raises the size from which that is so
// with each such block that it frees, up to 32 MiB (mallopt(3), M_MMAP_THRESHOLD), and keeps what lies between others:
// of a log's write buffers, which come and go, that was half of what a hold takes
// (docs/decisions/0075-memory-that-goes-back.md). Before threads are started. Whoever starts the process with
// MALLOC_MMAP_THRESHOLD_ or GLIBC_TUNABLES set has decided otherwise.
void return_large_blocks();

}  // namespace doorbuster
