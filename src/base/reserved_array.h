// An array whose address space is reserved at the start and whose memory is taken as it is first touched.
//
// It never moves and never throws: a capacity is a limit that somebody chose, and reaching it is a business outcome
// that the owner checks for (full()) before it asks for more. New elements are all zero bytes. What is large and may
// stay nearly empty is a SegmentedArray or a SparseArray: addresses are limited, too (ulimit -v).
#pragma once

#include <cstddef>
#include <type_traits>

#include "base/assert.h"
#include "base/mapped_memory.h"
#include "base/prefetch.h"

namespace doorbuster {

template <class T>
class ReservedArray {
  static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>);

 public:
  explicit ReservedArray(size_t capacity) : capacity_(capacity), data_(map_memory<T>(capacity, Overcommit::kAllowed)) {}
  ~ReservedArray() { unmap_memory(data_, capacity_); }
  ReservedArray(const ReservedArray&) = delete;
  ReservedArray& operator=(const ReservedArray&) = delete;

  [[nodiscard]] size_t size() const { return size_; }
  [[nodiscard]] size_t capacity() const { return capacity_; }
  [[nodiscard]] bool full() const { return size_ == capacity_; }

  T& operator[](size_t index) {
    ASSERT(index < size_);
    return data_[index];
  }
  const T& operator[](size_t index) const {
    ASSERT(index < size_);
    return data_[index];
  }

  // The index of one more element.
  size_t grow() {
    ASSERT(!full());
    return size_++;
  }
  void grow_to(size_t size) {
    ASSERT(size >= size_ && size <= capacity_);
    size_ = size;
  }
  void prefer_huge_pages() { doorbuster::prefer_huge_pages(data_, capacity_); }
  void prefetch(size_t index) const { prefetch_to_read(data_ + index); }

 private:
  size_t capacity_;
  size_t size_ = 0;
  T* data_;
};

}  // namespace doorbuster
