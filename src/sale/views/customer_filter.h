// Which customers may have something in a sale: a Bloom filter (Bloom 1970) that one thread fills and all may ask.
//
// It tells a reactor that a customer surely has nothing here, so that the "no" which everybody gets from a sold-out
// sale needs no decision. A wrong "perhaps" costs a question to the cell and nothing else. Nobody is ever taken out.
#pragma once

#include <algorithm>
#include <atomic>
#include <bit>
#include <memory>

#include "base/customer_hash.h"

namespace doorbuster::sale {

class CustomerFilter {
 public:
  // 16 bits a customer and two probes: about 1.4 % wrong "perhaps" once `customers` are in it.
  explicit CustomerFilter(uint64_t customers)
      : mask_(std::bit_ceil(std::clamp<uint64_t>(customers * 16, kBitsMin, kBitsMax)) - 1),
        words_(std::make_unique<std::atomic<uint64_t>[]>((mask_ + 1) / 64)) {}

  // One thread.
  void add(const CustomerHash& customer) {
    set(customer.low & mask_);
    set(customer.high & mask_);
  }

  // Any thread. False: surely not added before what this thread has seen published.
  [[nodiscard]] bool may_have(const CustomerHash& customer) const {
    return is_set(customer.low & mask_) && is_set(customer.high & mask_);
  }

 private:
  static constexpr uint64_t kBitsMin = uint64_t{1} << 16;
  static constexpr uint64_t kBitsMax = uint64_t{1} << 27;

  void set(uint64_t bit) {
    std::atomic<uint64_t>& word = words_[bit / 64];
    word.store(word.load(std::memory_order_relaxed) | uint64_t{1} << (bit % 64), std::memory_order_relaxed);
  }
  [[nodiscard]] bool is_set(uint64_t bit) const {
    return (words_[bit / 64].load(std::memory_order_relaxed) >> (bit % 64) & 1) != 0;
  }

  const uint64_t mask_;
  const std::unique_ptr<std::atomic<uint64_t>[]> words_;
};

}  // namespace doorbuster::sale
