// Which customers may have something in a sale: a Bloom filter (Bloom 1970) that one thread fills and all may ask.
//
// It tells a reactor that a customer surely has nothing here, so that the "no" which everybody gets from a sold-out
// sale needs no decision. A wrong "perhaps" costs a question to the cell and nothing else. Nobody is ever taken out.
#pragma once

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstdint>
#include <memory>

#include "base/customer_hash.h"

namespace doorbuster::sale {

class CustomerFilter {
 public:
  // 16 bits a customer and two probes: about 1.4 % wrong "perhaps" once `customers` are in it. Its memory comes with
  // the first of them.
  explicit CustomerFilter(uint64_t customers)
      : mask_(std::bit_ceil(std::clamp<uint64_t>(customers * 16, kBitsMin, kBitsMax)) - 1) {}

  // One thread.
  void add(const CustomerHash& customer) {
    std::atomic<uint64_t>* words = words_.load(std::memory_order_relaxed);
    if (words == nullptr) {
      owned_ = std::make_unique<std::atomic<uint64_t>[]>((mask_ + 1) / 64);
      words = owned_.get();
      words_.store(words, std::memory_order_release);
    }
    set(words, customer.low & mask_);
    set(words, customer.high & mask_);
  }
  // Any thread. False: surely not added before what this thread has seen published.
  [[nodiscard]] bool may_have(const CustomerHash& customer) const {
    const std::atomic<uint64_t>* words = words_.load(std::memory_order_acquire);
    return words != nullptr && is_set(words, customer.low & mask_) && is_set(words, customer.high & mask_);
  }

 private:
  static constexpr uint64_t kBitsMin = uint64_t{1} << 16;
  static constexpr uint64_t kBitsMax = uint64_t{1} << 27;

  static void set(std::atomic<uint64_t>* words, uint64_t bit) {
    std::atomic<uint64_t>& word = words[bit / 64];
    word.store(word.load(std::memory_order_relaxed) | uint64_t{1} << (bit % 64), std::memory_order_relaxed);
  }
  [[nodiscard]] static bool is_set(const std::atomic<uint64_t>* words, uint64_t bit) {
    return (words[bit / 64].load(std::memory_order_relaxed) >> (bit % 64) & 1) != 0;
  }

  const uint64_t mask_;
  std::unique_ptr<std::atomic<uint64_t>[]> owned_;
  std::atomic<std::atomic<uint64_t>*> words_{nullptr};  // to what is owned, once it is there
};

}  // namespace doorbuster::sale
