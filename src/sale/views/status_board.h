// The live numbers of all sales of all cells, for any number of readers without a lock.
//
// One seqlock a sale (Boehm, MSPC 2012, figure 6): the thread that is at its cell writes what has become durable, a
// reader copies and tries again if a write came in between. A copy is some 250 bytes; a reader never waits for another.
#pragma once

#include <array>
#include <atomic>
#include <cstring>

#include "base/ring.h"
#include "sale/machine/status.h"
#include "sale/views/sale_slots.h"

namespace doorbuster::sale {

class StatusBoard {
 public:
  explicit StatusBoard(size_t sales_a_cell, uint32_t cells = 1) : slots_(sales_a_cell, cells) {}

  // One thread a cell.
  void publish(const PublicStatus& status) {
    Slot& slot = slots_.at(status.sale);
    const uint64_t version = slot.version.load(std::memory_order_relaxed);
    slot.version.store(version + 1, std::memory_order_relaxed);
    std::atomic_thread_fence(std::memory_order_release);
    Words words{};
    std::memcpy(words.data(), &status, sizeof status);
    for (size_t i = 0; i < kWords; ++i) slot.words[i].store(words[i], std::memory_order_relaxed);
    slot.version.store(version + 2, std::memory_order_release);
  }

  struct Read {
    PublicStatus status;
    uint64_t version = 0;  // grows with every publication; 0: never published
  };

  // Any thread.
  [[nodiscard]] Read read(SaleNumber sale) const {
    const Slot* slot = slots_.find(sale);
    if (slot == nullptr) return {};
    Words words{};
    uint64_t before = 0;
    do {
      before = slot->version.load(std::memory_order_acquire);
      for (size_t i = 0; i < kWords; ++i) words[i] = slot->words[i].load(std::memory_order_relaxed);
      std::atomic_thread_fence(std::memory_order_acquire);
    } while ((before & 1) != 0 || slot->version.load(std::memory_order_relaxed) != before);
    Read result{.status = {}, .version = before};
    std::memcpy(static_cast<void*>(&result.status), words.data(), sizeof result.status);
    return result;
  }

 private:
  static_assert(std::is_trivially_copyable_v<PublicStatus>);
  static constexpr size_t kWords = (sizeof(PublicStatus) + sizeof(uint64_t) - 1) / sizeof(uint64_t);
  using Words = std::array<uint64_t, kWords>;

  struct alignas(kCacheLine) Slot {
    std::atomic<uint64_t> version{0};
    std::array<std::atomic<uint64_t>, kWords> words{};
  };

  SaleSlots<Slot> slots_;
};

}  // namespace doorbuster::sale
