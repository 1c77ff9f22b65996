// Things that come and go, each known by a small number while it is there: the number of one that has gone is given to
// the next that comes. Memory stays with the most that there ever were at once; a reference holds until the next put().
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "base/assert.h"

namespace doorbuster {

template <class T>
class SlotPool {
 public:
  // Its number, until it is taken out.
  uint32_t put(T value) {
    if (free_.empty()) {
      free_.push_back(static_cast<uint32_t>(slots_.size()));
      slots_.emplace_back();
      is_used_.push_back(false);
    }
    const uint32_t slot = free_.back();
    free_.pop_back();
    slots_[slot] = std::move(value);
    is_used_[slot] = true;
    return slot;
  }

  // Leaves nothing of it behind but its place.
  void remove(uint32_t slot) {
    (*this)[slot] = T();
    is_used_[slot] = false;
    free_.push_back(slot);
  }

  [[nodiscard]] T& operator[](uint32_t slot) {
    ASSERT(contains(slot));
    return slots_[slot];
  }

  [[nodiscard]] bool contains(uint32_t slot) const { return slot < slots_.size() && is_used_[slot]; }
  [[nodiscard]] size_t size() const { return slots_.size() - free_.size(); }

 private:
  std::vector<T> slots_;
  std::vector<bool> is_used_;
  std::vector<uint32_t> free_;
};

}  // namespace doorbuster
