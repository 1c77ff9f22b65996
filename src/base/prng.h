// Pseudo-random numbers for tests, simulation and load: the same seed gives the same run on every machine. Never for
// secrets. xoshiro256** by Blackman and Vigna (2018), seeded by SplitMix64.
#pragma once

#include <array>
#include <bit>
#include <cstdint>

#include "base/assert.h"

namespace doorbuster {

// The finalizer of SplitMix64 (Steele, Lea, Flood 2014): spreads integers evenly, each to another.
constexpr uint64_t mixed64(uint64_t z) {
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
  return z ^ (z >> 31);
}

// One step of SplitMix64: also a good mixer for hashing integers.
constexpr uint64_t splitmix64(uint64_t& state) { return mixed64(state += 0x9E3779B97F4A7C15); }

class Prng {
 public:
  explicit constexpr Prng(uint64_t seed) {
    for (uint64_t& word : state_) word = splitmix64(seed);
  }

  constexpr uint64_t next() {
    const uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
    const uint64_t t = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= t;
    state_[3] = std::rotl(state_[3], 45);
    return result;
  }

  // Uniform in [0, bound), by Lemire's multiplication; the bias is below 2^-32 for the small bounds of tests.
  constexpr uint64_t below(uint64_t bound) {
    ASSERT(bound > 0);
    return static_cast<uint64_t>((static_cast<Wide>(next()) * bound) >> 64);
  }

  constexpr bool chance(uint64_t one_in) { return below(one_in) == 0; }

 private:
  __extension__ using Wide = unsigned __int128;

  std::array<uint64_t, 4> state_{};
};

}  // namespace doorbuster
