// A fixed number of objects that neither move nor copy, side by side in memory, made by a function of their index.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>

#include "base/assert.h"

namespace doorbuster::net {

template <class T>
class Slots {
 public:
  // `make(index)` returns each object in place.
  template <class Make>
  Slots(uint32_t count, Make&& make) : count_(count), objects_(std::allocator<T>().allocate(count)) {
    for (uint32_t i = 0; i < count; ++i) new (objects_ + i) T(make(i));
  }
  ~Slots() {
    std::destroy_n(objects_, count_);
    std::allocator<T>().deallocate(objects_, count_);
  }
  Slots(const Slots&) = delete;
  Slots& operator=(const Slots&) = delete;

  [[nodiscard]] T& operator[](size_t index) {
    ASSERT(index < count_);
    return objects_[index];
  }
  [[nodiscard]] size_t size() const { return count_; }

 private:
  size_t count_;
  T* objects_;
};

}  // namespace doorbuster::net
