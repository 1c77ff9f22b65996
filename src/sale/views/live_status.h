// The live numbers of one sale, for any number of readers without a lock.
//
// A seqlock (Boehm, MSPC 2012, figure 6): the thread that is at the sale's cell writes what has become durable, a
// reader copies and tries again if a write came in between. A copy is some 250 bytes; a reader never waits for another.
#pragma once

#include <array>
#include <atomic>
#include <cstring>

#include "base/ring.h"
#include "sale/machine/status.h"

namespace doorbuster::sale {

class alignas(kCacheLine) LiveStatus {
 public:
  explicit LiveStatus(const PublicStatus& status) { publish(status); }

  // One thread.
  void publish(const PublicStatus& status) {
    const uint64_t version = version_.load(std::memory_order_relaxed);
    version_.store(version + 1, std::memory_order_relaxed);
    std::atomic_thread_fence(std::memory_order_release);
    Words words{};
    std::memcpy(words.data(), &status, sizeof status);
    for (size_t i = 0; i < kWords; ++i) words_[i].store(words[i], std::memory_order_relaxed);
    version_.store(version + 2, std::memory_order_release);
  }

  struct Read {
    PublicStatus status;
    uint64_t version = 0;  // grows with every publication
  };

  // Any thread.
  [[nodiscard]] Read read() const {
    Words words{};
    uint64_t before = 0;
    do {
      before = version_.load(std::memory_order_acquire);
      for (size_t i = 0; i < kWords; ++i) words[i] = words_[i].load(std::memory_order_relaxed);
      std::atomic_thread_fence(std::memory_order_acquire);
    } while ((before & 1) != 0 || version_.load(std::memory_order_relaxed) != before);
    Read result{.status = {}, .version = before};
    std::memcpy(static_cast<void*>(&result.status), words.data(), sizeof result.status);
    return result;
  }

 private:
  static_assert(std::is_trivially_copyable_v<PublicStatus>);
  static constexpr size_t kWords = (sizeof(PublicStatus) + sizeof(uint64_t) - 1) / sizeof(uint64_t);
  using Words = std::array<uint64_t, kWords>;

  std::atomic<uint64_t> version_{0};
  std::array<std::atomic<uint64_t>, kWords> words_{};
};

}  // namespace doorbuster::sale
