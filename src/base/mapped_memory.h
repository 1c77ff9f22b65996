// Memory from the operating system by the page: all zero, and taken as it is first touched. A system that refuses it
// ends the process (out_of_memory.h), so that nobody has to look.
#pragma once

#include <sys/mman.h>

#include <cstddef>

#include "base/assert.h"
#include "base/out_of_memory.h"

namespace doorbuster {

enum class Overcommit : int {
  kAsTheSystemDoes = 0,
  kAllowed = MAP_NORESERVE,  // for addresses of which only a part will ever be touched
};

template <class T>
[[nodiscard]] T* map_memory(size_t count, Overcommit overcommit = Overcommit::kAsTheSystemDoes) {
  ASSERT(count > 0);
  const int flags = MAP_PRIVATE | MAP_ANONYMOUS | static_cast<int>(overcommit);
  void* memory = mmap(nullptr, count * sizeof(T), PROT_READ | PROT_WRITE, flags, -1, 0);
  if (memory == MAP_FAILED) end_out_of_memory(count * sizeof(T));
  return static_cast<T*>(memory);
}

// For memory that is read here and there, all over: with small pages most looks would have to ask for the page's
// address first. Only a wish, which a system without them leaves; a first touch takes the whole of a huge page. What is
// smaller than one asks for nothing: beside others like it, it would be given one all the same.
template <class T>
void prefer_huge_pages(T* memory, size_t count) {
  constexpr size_t kHugePage = size_t{2} << 20;
  if (count * sizeof(T) >= kHugePage) madvise(memory, count * sizeof(T), MADV_HUGEPAGE);
}

template <class T>
void unmap_memory(T* memory, size_t count) {
  munmap(memory, count * sizeof(T));
}

}  // namespace doorbuster
