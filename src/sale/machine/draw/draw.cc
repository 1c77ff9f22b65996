#include "sale/machine/draw/draw.h"

#include <algorithm>
#include <array>
#include <bit>

#include "base/assert.h"

namespace doorbuster::sale {
namespace {

std::array<std::byte, 8> big_endian(uint64_t value) {
  std::array<std::byte, 8> bytes;
  for (size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::byte>(value >> (56 - 8 * i));
  return bytes;
}

// Joins small strings on the stack.
template <size_t N>
class Concatenation {
 public:
  Concatenation& add(Bytes bytes) {
    ASSERT(bytes.size() <= N - size_);
    std::ranges::copy(bytes, bytes_.begin() + static_cast<std::ptrdiff_t>(size_));
    size_ += bytes.size();
    return *this;
  }
  [[nodiscard]] Bytes bytes() const { return Bytes(bytes_).first(size_); }

 private:
  std::array<std::byte, N> bytes_;
  size_t size_ = 0;
};

uint32_t half_bits_for(uint64_t count) {
  const auto bits = static_cast<uint32_t>(std::bit_width(std::max<uint64_t>(count, 2) - 1));
  return (bits + 1) / 2;
}

// The first four bytes of HMAC-SHA-256(key, round || half, 4 bytes) as an integer; its low bits are used.
uint32_t round_value(const HmacSha256& key, uint32_t number, uint32_t half) {
  const std::array<std::byte, 5> message = {std::byte(number), std::byte(half >> 24), std::byte(half >> 16),
                                            std::byte(half >> 8), std::byte(half)};
  const Digest digest = key.sign(message);
  uint32_t value = 0;
  for (size_t i = 0; i < 4; ++i) value = value << 8 | std::to_integer<uint32_t>(digest[i]);
  return value;
}

}  // namespace

Digest draw_commitment(const Digest& secret) { return sha256(secret); }

Digest draw_leaf(uint64_t index, std::string_view entry_id, Bytes nonce) {
  ASSERT(entry_id.size() == kEntryIdBytes);
  ASSERT(nonce.size() <= kDrawNonceBytesMax);
  constexpr std::array<std::byte, 1> kLeaf = {std::byte{0}};
  Concatenation<1 + 8 + kEntryIdBytes + kDrawNonceBytesMax> text;
  text.add(kLeaf).add(big_endian(index)).add(as_bytes(entry_id)).add(nonce);
  return sha256(text.bytes());
}

Digest draw_key(const Digest& secret, const Digest& root, uint64_t count, Bytes beacon) {
  ASSERT(beacon.size() <= kDrawBeaconBytesMax);
  Concatenation<sizeof(Digest) + 8 + kDrawBeaconBytesMax> text;
  text.add(root).add(big_endian(count)).add(beacon);
  return HmacSha256(secret).sign(text.bytes());
}

DrawPermutation::DrawPermutation(const Digest& key, uint64_t count)
    : count_(count), half_bits_(half_bits_for(count)), half_mask_((1U << half_bits_) - 1) {
  ASSERT(count <= kDrawEntriesMax);
  const HmacSha256 hmac(key);
  table_.reserve(size_t{kRounds} << half_bits_);
  for (uint32_t number = 0; number < kRounds; ++number) {
    for (uint32_t half = 0; half <= half_mask_; ++half) {
      table_.push_back(static_cast<uint16_t>(round_value(hmac, number, half) & half_mask_));
    }
  }
}

uint64_t DrawPermutation::position_of(uint64_t index) const {
  ASSERT(index < count_);
  uint64_t value = forwards(index);
  while (value >= count_) value = forwards(value);
  return value;
}

uint64_t DrawPermutation::index_at(uint64_t position) const {
  ASSERT(position < count_);
  uint64_t value = backwards(position);
  while (value >= count_) value = backwards(value);
  return value;
}

uint64_t DrawPermutation::forwards(uint64_t value) const {
  auto left = static_cast<uint32_t>(value >> half_bits_);
  auto right = static_cast<uint32_t>(value) & half_mask_;
  for (uint32_t number = 0; number < kRounds; ++number) {
    const uint32_t next = left ^ round(number, right);
    left = right;
    right = next;
  }
  return uint64_t{left} << half_bits_ | right;
}

uint64_t DrawPermutation::backwards(uint64_t value) const {
  auto left = static_cast<uint32_t>(value >> half_bits_);
  auto right = static_cast<uint32_t>(value) & half_mask_;
  for (uint32_t number = kRounds; number-- > 0;) {
    const uint32_t before = right ^ round(number, left);
    right = left;
    left = before;
  }
  return uint64_t{left} << half_bits_ | right;
}

}  // namespace doorbuster::sale
