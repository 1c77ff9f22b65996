// A public randomness beacon: a round of it that is named when a sale is made, and the value that the world knows only
// once that round is public. It goes into the draw's key, so that whoever knows the secret can't foresee the places.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/time.h"
#include "sale/machine/draw/draw.h"

namespace doorbuster::sale {

struct Beacon {
  std::string source;      // such as "drand-quicknet": 1 to 64 of a-z, 0-9, '.' and '-'
  uint64_t round = 0;      // from 1
  Timestamp published_at;  // nobody knows the value before
  [[nodiscard]] bool is_public(Timestamp now) const { return now >= published_at; }
  bool operator==(const Beacon&) const = default;
  template <class Archive>
  void fields(Archive& archive) {
    archive(source, round, published_at);
  }
};

// 1 to kDrawBeaconBytesMax bytes, or none yet. Trivially copyable, as what is published of a sale has to be.
class BeaconValue {
 public:
  BeaconValue() = default;
  // Asserts that there are not too many.
  explicit BeaconValue(Bytes bytes);
  [[nodiscard]] Bytes bytes() const { return Bytes(bytes_).first(size_); }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  bool operator==(const BeaconValue&) const = default;

 private:
  std::array<std::byte, kDrawBeaconBytesMax> bytes_{};
  uint8_t size_ = 0;
};

inline constexpr size_t kBeaconSourceBytesMax = 64;
[[nodiscard]] bool is_beacon_source(std::string_view text);

// The tree of a draw has to be closed before its beacon's value is known to anybody. The opening closes it, and may be
// late by a moment.
inline constexpr Duration kBeaconAfterOpening = Duration::seconds(1);

}  // namespace doorbuster::sale
