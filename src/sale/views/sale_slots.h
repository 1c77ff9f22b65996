// A slot for each sale, of all cells: one thread a cell makes and changes them, any thread reads, none waits.
//
// Slots come in segments as sales come, and never move: memory follows the sales that there are, not the limit times
// the cells.
#pragma once

#include <atomic>
#include <memory>
#include <vector>

#include "base/assert.h"
#include "base/reserved_array.h"
#include "sale/machine/types.h"

namespace doorbuster::sale {

template <class T>
class SaleSlots {
 public:
  SaleSlots(size_t sales_a_cell, uint32_t cells)
      : segments_a_cell_((sales_a_cell + kSegment - 1) / kSegment), segments_(segments_a_cell_ * cells), owned_(cells) {
    segments_.grow_to(segments_.capacity());
  }

  // The cell's thread.
  [[nodiscard]] T& at(SaleNumber sale) {
    const std::atomic_ref<T*> segment = segment_of(sale);
    T* slots = segment.load(std::memory_order_relaxed);
    if (slots == nullptr) {
      slots = owned_[cell_of(sale).value()].emplace_back(std::make_unique<T[]>(kSegment)).get();
      segment.store(slots, std::memory_order_release);
    }
    return slots[index_of(sale) % kSegment];
  }

  // Any thread: null while nobody has asked for one like it to be made.
  [[nodiscard]] const T* find(SaleNumber sale) const {
    const T* slots = segment_of(sale).load(std::memory_order_acquire);
    return slots == nullptr ? nullptr : slots + index_of(sale) % kSegment;
  }

 private:
  static constexpr size_t kSegment = 64;

  [[nodiscard]] std::atomic_ref<T*> segment_of(SaleNumber sale) const {
    const size_t segment = index_of(sale) / kSegment;
    ASSERT(cell_of(sale).value() < owned_.size() && segment < segments_a_cell_);
    return std::atomic_ref<T*>(segments_[cell_of(sale).value() * segments_a_cell_ + segment]);
  }

  const size_t segments_a_cell_;
  mutable ReservedArray<T*> segments_;                    // null: not there yet
  std::vector<std::vector<std::unique_ptr<T[]>>> owned_;  // by cell
};

}  // namespace doorbuster::sale
