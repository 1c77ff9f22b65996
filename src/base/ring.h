// A bounded ring between one producing and one consuming thread, without locks (Lamport 1977, with cached indices as in
// Rigtorp's SPSCQueue: each side reads the other's index only when its own copy says full or empty).
//
// A full ring is an answer, not a wait: try_push returns false, and the caller sheds the load.
#pragma once

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstddef>
#include <memory>
#include <utility>

#include "base/assert.h"

namespace doorbuster {

inline constexpr size_t kCacheLine = 64;

template <class T>
class Ring {
 public:
  // Capacity is rounded up to a power of two.
  explicit Ring(size_t capacity) : mask_(std::bit_ceil(capacity) - 1), slots_(std::make_unique<T[]>(mask_ + 1)) {
    ASSERT(capacity > 0);
  }

  // Producer only.
  [[nodiscard]] bool try_push(T&& value) {
    const size_t tail = tail_.load(std::memory_order_relaxed);
    if (tail - known_head_ > mask_) {
      known_head_ = head_.load(std::memory_order_acquire);
      if (tail - known_head_ > mask_) return false;
    }
    slots_[tail & mask_] = std::move(value);
    tail_.store(tail + 1, std::memory_order_release);
    return true;
  }

  // Consumer only: calls `take(T&&)` for up to `limit` values; returns how many.
  template <class Take>
  size_t drain(size_t limit, Take&& take) {
    const size_t head = head_.load(std::memory_order_relaxed);
    if (known_tail_ - head < limit) known_tail_ = tail_.load(std::memory_order_acquire);
    const size_t count = std::min(limit, known_tail_ - head);
    for (size_t i = 0; i < count; ++i) take(std::move(slots_[(head + i) & mask_]));
    if (count > 0) head_.store(head + count, std::memory_order_release);
    return count;
  }

  // Any thread; a hint that may be out of date at once.
  [[nodiscard]] size_t size() const {
    return tail_.load(std::memory_order_acquire) - head_.load(std::memory_order_acquire);
  }
  [[nodiscard]] size_t capacity() const { return mask_ + 1; }

 private:
  const size_t mask_;
  const std::unique_ptr<T[]> slots_;
  alignas(kCacheLine) std::atomic<size_t> head_{0};
  alignas(kCacheLine) size_t known_tail_ = 0;  // consumer's
  alignas(kCacheLine) std::atomic<size_t> tail_{0};
  alignas(kCacheLine) size_t known_head_ = 0;  // producer's
};

}  // namespace doorbuster
