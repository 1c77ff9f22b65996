// An array that grows by segments of a fixed size: memory follows what is in it, its elements never move, and growing
// by one never costs more than one segment.
//
// Like reserved_array.h it never throws: its capacity is a limit that somebody chose, and reaching it is a business
// outcome that the owner checks for (full()) before it asks for more. New elements are all zero bytes. A segment's
// pages are taken from the operating system as they are first touched.
#pragma once

#include <bit>
#include <cstddef>
#include <memory>
#include <span>
#include <type_traits>
#include <vector>

#include "base/assert.h"
#include "base/mapped_memory.h"

namespace doorbuster {

template <class T, size_t kSegment>
class SegmentedArray {
  static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>);
  static_assert(std::has_single_bit(kSegment));

 public:
  explicit SegmentedArray(size_t capacity) : capacity_(capacity) {}

  [[nodiscard]] size_t size() const { return size_; }
  [[nodiscard]] size_t capacity() const { return capacity_; }
  [[nodiscard]] bool full() const { return size_ == capacity_; }

  T& operator[](size_t index) {
    ASSERT(index < size_);
    return segments_[index / kSegment].get()[index % kSegment];
  }
  const T& operator[](size_t index) const {
    ASSERT(index < size_);
    return segments_[index / kSegment].get()[index % kSegment];
  }

  // The index of one more element.
  size_t grow() {
    ASSERT(!full());
    if (size_ == segments_.size() * kSegment) add_segment();
    return size_++;
  }
  void grow_to(size_t size) {
    ASSERT(size >= size_ && size <= capacity_);
    while (segments_.size() * kSegment < size) add_segment();
    size_ = size;
  }

 private:
  struct Unmap {
    void operator()(T* segment) const { unmap_memory(segment, kSegment); }
  };

  void add_segment() { segments_.emplace_back(map_memory<T>(kSegment)); }

  size_t capacity_;
  size_t size_ = 0;
  std::vector<std::unique_ptr<T, Unmap>> segments_;
};

}  // namespace doorbuster
