// What one thread keeps for each sale of the directory, by its slot (Listing::slot): that thread makes and changes it,
// any thread reads, none waits.
//
// It comes in segments as slots are used, and never moves: memory follows the sales that are kept at once.
#pragma once

#include <atomic>
#include <memory>
#include <vector>

#include "base/assert.h"
#include "base/reserved_array.h"

namespace doorbuster::sale {

template <class T>
class SaleSlots {
 public:
  explicit SaleSlots(size_t slots) : segments_((slots + kSegment - 1) / kSegment) {
    segments_.grow_to(segments_.capacity());
  }

  // The owner's thread.
  [[nodiscard]] T& at(uint32_t slot) {
    const std::atomic_ref<T*> segment = segment_of(slot);
    T* slots = segment.load(std::memory_order_relaxed);
    if (slots == nullptr) {
      slots = owned_.emplace_back(std::make_unique<T[]>(kSegment)).get();
      segment.store(slots, std::memory_order_release);
    }
    return slots[slot % kSegment];
  }

  // Any thread: null while nobody has asked for one like it to be made.
  [[nodiscard]] const T* find(uint32_t slot) const {
    const T* slots = segment_of(slot).load(std::memory_order_acquire);
    return slots == nullptr ? nullptr : slots + slot % kSegment;
  }

 private:
  static constexpr size_t kSegment = 64;

  [[nodiscard]] std::atomic_ref<T*> segment_of(uint32_t slot) const {
    const size_t segment = slot / kSegment;
    ASSERT(segment < segments_.size());
    return std::atomic_ref<T*>(segments_[segment]);
  }

  mutable ReservedArray<T*> segments_;  // null: not there yet
  std::vector<std::unique_ptr<T[]>> owned_;
};

}  // namespace doorbuster::sale
