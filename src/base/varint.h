// Numbers in as few bytes as they need: seven bits a byte, the lowest first, the highest bit set in all bytes but the
// last. Most numbers are small.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace doorbuster {

inline void write_varint(ByteWriter& out, uint64_t value) {
  std::array<std::byte, 10> bytes;
  size_t count = 0;
  for (; value >= 0x80; value >>= 7) bytes[count++] = static_cast<std::byte>(value | 0x80);
  bytes[count++] = static_cast<std::byte>(value);
  out.raw(Bytes(bytes).first(count));
}
inline void write_varint(std::vector<std::byte>& out, uint64_t value) {
  ByteWriter writer(out);
  write_varint(writer, value);
}

// What does not fit 64 bits is lost: whoever reads what strangers wrote checks what it means.
inline uint64_t read_varint(ByteReader& reader) {
  uint64_t value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    const auto byte = reader.integer<uint8_t>();
    value |= static_cast<uint64_t>(byte & 0x7F) << shift;
    if ((byte & 0x80) == 0) break;
  }
  return value;
}

// The same for numbers of either sign: 0, -1, 1, -2 and so on are 0, 1, 2, 3.
inline void write_signed_varint(ByteWriter& out, int64_t value) {
  write_varint(out, static_cast<uint64_t>(value) << 1 ^ static_cast<uint64_t>(value >> 63));
}
inline int64_t read_signed_varint(ByteReader& reader) {
  const uint64_t value = read_varint(reader);
  return static_cast<int64_t>(value >> 1) ^ -static_cast<int64_t>(value & 1);
}

// A length, then the text.
inline void write_text(ByteWriter& out, std::string_view text) {
  write_varint(out, text.size());
  out.raw(as_bytes(text));
}
inline void write_text(std::vector<std::byte>& out, std::string_view text) {
  ByteWriter writer(out);
  write_text(writer, text);
}
inline std::string_view read_text(ByteReader& reader) { return as_text(reader.raw(read_varint(reader))); }

}  // namespace doorbuster
