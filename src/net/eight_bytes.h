// Looks for bytes of a kind eight at a time (S. Anderson, "Bit Twiddling Hacks": a byte less than n, a zero byte).
//
// A mark is the highest bit of a byte. The lowest mark of a word is always right; a higher one may be false, because
// the subtraction borrows above a true one.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>

namespace doorbuster::net {

static_assert(std::endian::native == std::endian::little, "the first byte in memory is the lowest of a word");

constexpr uint64_t eight_of(uint8_t byte) { return uint64_t{0x0101010101010101} * byte; }

// Marks bytes below `bound`, which is at most 128.
constexpr uint64_t bytes_below(uint64_t word, uint8_t bound) {
  return (word - eight_of(bound)) & ~word & eight_of(0x80);
}
constexpr uint64_t bytes_equal(uint64_t word, char c) {
  return bytes_below(word ^ eight_of(static_cast<uint8_t>(c)), 1);
}
// Marks bytes that are not ASCII.
constexpr uint64_t bytes_above_ascii(uint64_t word) { return word & eight_of(0x80); }

// The eight bytes from `at` on; zeros from `end` on.
inline uint64_t eight_bytes_at(const char* at, const char* end) {
  uint64_t word = 0;
  if (end - at >= 8) [[likely]] {
    std::memcpy(&word, at, 8);
  } else {
    std::memcpy(&word, at, static_cast<size_t>(end - at));
  }
  return word;
}

// The first byte from `at` on that marks(word) marks, or `end`.
template <class Marks>
const char* find_marked(const char* at, const char* end, Marks&& marks) {
  for (; at < end; at += 8) {
    const uint64_t marked = marks(eight_bytes_at(at, end));
    if (marked == 0) continue;
    const char* found = at + std::countr_zero(marked) / 8;
    return found < end ? found : end;
  }
  return end;
}

}  // namespace doorbuster::net
