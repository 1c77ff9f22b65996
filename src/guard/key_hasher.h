// From what a request is charged to, to the 64 bits that the rate table knows it by.
//
// Keyed, so that nobody outside can look for addresses that share a bucket with somebody else's. Two rounds of a 64 by
// 64 bit product whose halves are folded (the step of wyhash, Wang Yi 2019): 2 ns, and good enough for a table whose
// answers say nothing of its keys.
#pragma once

#include <cstdint>

namespace doorbuster::guard {

class KeyHasher {
 public:
  KeyHasher(uint64_t secret, uint64_t other_secret) : secrets_{secret | 1, other_secret | 1} {}

  [[nodiscard]] uint64_t operator()(uint64_t kind, uint64_t high, uint64_t low) const {
    const uint64_t first = fold(high ^ secrets_[0], low ^ secrets_[1]);
    return fold(first ^ secrets_[1], (kind + 1) * secrets_[0]);
  }

 private:
  static uint64_t fold(uint64_t a, uint64_t b) {
    __extension__ using Wide = unsigned __int128;
    const Wide product = static_cast<Wide>(a) * b;
    return static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
  }

  uint64_t secrets_[2];
};

}  // namespace doorbuster::guard
