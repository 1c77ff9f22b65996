// The draw: how all who came before the opening get a random order that nobody chose and everybody can check.
//
// A secret is committed to when the sale is made; the entries are fixed in a Merkle tree; both together, and a beacon
// that nobody knew before, key a permutation of the entries. docs/formats/draw.md has every byte and test vectors.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/crypto.h"

namespace doorbuster::sale {

inline constexpr size_t kDrawNonceBytesMax = 32;   // what a client may add to its leaf
inline constexpr size_t kDrawBeaconBytesMax = 64;  // a randomness beacon's value
inline constexpr size_t kEntryIdBytes = 26;
inline constexpr uint64_t kDrawEntriesMax = uint64_t{1} << 32;

// What is published when the sale is made: SHA-256(secret).
[[nodiscard]] Digest draw_commitment(const Digest& secret);

// SHA-256(0x00 || index, 8 bytes || entry id || nonce). Integers are big-endian. Asserts the sizes above.
[[nodiscard]] Digest draw_leaf(uint64_t index, std::string_view entry_id, Bytes nonce);

// K = HMAC-SHA-256(secret, root || count, 8 bytes || beacon).
[[nodiscard]] Digest draw_key(const Digest& secret, const Digest& root, uint64_t count, Bytes beacon);

// A keyed permutation of [0, count): a balanced Feistel network of 8 rounds over the smallest even number of bits that
// holds count (Luby and Rackoff 1988), walked along its cycle until the value is below count (Black and Rogaway 2002,
// method 2).
//
// A half has at most 16 bits, so that each round's function fits into a table: 16 KiB for a million entries, filled in
// about a millisecond. A position then costs 8 look-ups for each step of the walk, of which there are fewer than 4 on
// average.
class DrawPermutation {
 public:
  // Asserts count <= kDrawEntriesMax.
  DrawPermutation(const Digest& key, uint64_t count);

  // Assert that the argument is below count().
  [[nodiscard]] uint64_t position_of(uint64_t index) const;
  [[nodiscard]] uint64_t index_at(uint64_t position) const;
  [[nodiscard]] uint64_t count() const { return count_; }

 private:
  static constexpr uint32_t kRounds = 8;
  [[nodiscard]] uint64_t forwards(uint64_t value) const;
  [[nodiscard]] uint64_t backwards(uint64_t value) const;
  [[nodiscard]] uint32_t round(uint32_t number, uint32_t half) const { return table_[(number << half_bits_) | half]; }

  uint64_t count_;
  uint32_t half_bits_;
  uint32_t half_mask_;
  std::vector<uint16_t> table_;  // [round][half]
};

}  // namespace doorbuster::sale
