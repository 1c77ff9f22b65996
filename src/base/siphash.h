// SipHash-2-4, a keyed hash for short inputs (Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012): whoever
// does not know the key can neither foretell its values nor find two inputs that share one.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>

#include "base/bytes.h"

namespace doorbuster {

class SipHash {
 public:
  SipHash(uint64_t key_low, uint64_t key_high) : key_low_(key_low), key_high_(key_high) {}
  // The first 16 bytes of a key; asserts that there are as many.
  explicit SipHash(Bytes key) {
    ASSERT(key.size() >= 2 * sizeof(uint64_t));
    ByteReader reader(key);
    key_low_ = reader.integer<uint64_t>();
    key_high_ = reader.integer<uint64_t>();
  }

  [[nodiscard]] uint64_t operator()(Bytes message) const {
    State state = begin();
    size_t at = 0;
    for (; at + sizeof(uint64_t) <= message.size(); at += sizeof(uint64_t)) state.absorb(word_at(message, at, 8));
    const uint64_t last = word_at(message, at, message.size() - at) | static_cast<uint64_t>(message.size()) << 56;
    state.absorb(last);
    return state.finish();
  }
  // Of the eight bytes of a number, little-endian.
  [[nodiscard]] uint64_t operator()(uint64_t number) const {
    State state = begin();
    state.absorb(number);
    state.absorb(uint64_t{sizeof number} << 56);
    return state.finish();
  }

 private:
  struct State {
    uint64_t v0, v1, v2, v3;

    void round() {
      v0 += v1;
      v2 += v3;
      v1 = std::rotl(v1, 13) ^ v0;
      v3 = std::rotl(v3, 16) ^ v2;
      v0 = std::rotl(v0, 32);
      v2 += v1;
      v0 += v3;
      v1 = std::rotl(v1, 17) ^ v2;
      v3 = std::rotl(v3, 21) ^ v0;
      v2 = std::rotl(v2, 32);
    }
    void absorb(uint64_t word) {
      v3 ^= word;
      round();
      round();
      v0 ^= word;
    }
    uint64_t finish() {
      v2 ^= 0xFF;
      for (int i = 0; i < 4; ++i) round();
      return v0 ^ v1 ^ v2 ^ v3;
    }
  };

  [[nodiscard]] State begin() const {
    return {.v0 = key_low_ ^ 0x736F6D6570736575,
            .v1 = key_high_ ^ 0x646F72616E646F6D,
            .v2 = key_low_ ^ 0x6C7967656E657261,
            .v3 = key_high_ ^ 0x7465646279746573};
  }
  static uint64_t word_at(Bytes message, size_t at, size_t count) {
    uint64_t word = 0;
    if (count > 0) std::memcpy(&word, message.data() + at, count);
    return word;
  }

  uint64_t key_low_ = 0;
  uint64_t key_high_ = 0;
};

}  // namespace doorbuster
