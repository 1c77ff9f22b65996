// Hints that memory will be read, or written, soon.
//
// GCC takes a function that only prefetches for one without an effect, and leaves out the calls of it (seen with 12.2,
// across two functions of one file). The empty statement is the effect that keeps them.
#pragma once

namespace doorbuster {

inline void prefetch_to_read(const void* at) {
  __builtin_prefetch(at);
  asm volatile("" : : "r"(at));
}

inline void prefetch_to_write(const void* at) {
  __builtin_prefetch(at, 1);
  asm volatile("" : : "r"(at));
}

}  // namespace doorbuster
