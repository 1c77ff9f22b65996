// An array that takes memory by segments, for those of its elements that are asked for: memory follows what is used,
// wherever in the array that lies, and not how long the array may be. Elements never move; new ones are all zero bytes.
#pragma once

#include <bit>
#include <cstddef>
#include <type_traits>

#include "base/mapped_memory.h"
#include "base/reserved_array.h"

namespace doorbuster {

template <class T, size_t kSegment>
class SparseArray {
  static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>);
  static_assert(std::has_single_bit(kSegment));

 public:
  explicit SparseArray(size_t size) : size_(size), segments_((size + kSegment - 1) / kSegment) {
    segments_.grow_to(segments_.capacity());
  }
  SparseArray(const SparseArray&) = delete;
  SparseArray& operator=(const SparseArray&) = delete;
  ~SparseArray() {
    for (size_t i = 0; i < segments_.size(); ++i) {
      if (segments_[i] != nullptr) unmap_memory(segments_[i], kSegment);
    }
  }

  [[nodiscard]] size_t size() const { return size_; }

  // Takes the memory for it, if nobody has asked for one of its segment before.
  T& operator[](size_t index) {
    ASSERT(index < size_);
    T*& segment = segments_[index / kSegment];
    if (segment == nullptr) segment = map_memory<T>(kSegment);
    return segment[index % kSegment];
  }

  // Null if there is no memory for it yet: then it is all zero bytes.
  [[nodiscard]] const T* find(size_t index) const {
    ASSERT(index < size_);
    const T* segment = segments_[index / kSegment];
    return segment == nullptr ? nullptr : segment + index % kSegment;
  }

 private:
  size_t size_;
  ReservedArray<T*> segments_;
};

}  // namespace doorbuster
