#include "base/encoding.h"

#include <array>

namespace doorbuster {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";
constexpr std::string_view kBase64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr uint8_t kForeign = 0xFF;

constexpr std::array<uint8_t, 256> reverse(std::string_view alphabet) {
  std::array<uint8_t, 256> table{};
  table.fill(kForeign);
  for (size_t i = 0; i < alphabet.size(); ++i) table[static_cast<uint8_t>(alphabet[i])] = static_cast<uint8_t>(i);
  return table;
}

constexpr auto kFromBase64 = reverse(kBase64);

constexpr std::array<uint8_t, 256> reverse_hex() {
  auto table = reverse(kHexDigits);
  for (char c = 'A'; c <= 'F'; ++c) table[static_cast<uint8_t>(c)] = static_cast<uint8_t>(c - 'A' + 10);
  return table;
}

constexpr auto kFromHex = reverse_hex();

}  // namespace

std::string to_hex(Bytes bytes) {
  std::string text(bytes.size() * 2, '\0');
  char* out = text.data();
  for (const std::byte byte : bytes) {
    *out++ = kHexDigits[static_cast<uint8_t>(byte) >> 4];
    *out++ = kHexDigits[static_cast<uint8_t>(byte) & 15];
  }
  return text;
}

std::string to_base64url(Bytes bytes) {
  std::string text((bytes.size() * 4 + 2) / 3, '\0');
  char* out = text.data();
  uint32_t pending = 0;
  int bits = 0;
  for (const std::byte byte : bytes) {
    pending = (pending << 8) | static_cast<uint32_t>(byte);
    for (bits += 8; bits >= 6; bits -= 6) *out++ = kBase64[(pending >> (bits - 6)) & 63];
  }
  if (bits > 0) *out++ = kBase64[(pending << (6 - bits)) & 63];
  return text;
}

std::optional<size_t> from_base64url(std::string_view text, std::span<std::byte> out) {
  const size_t size = text.size() * 6 / 8;
  if (text.size() % 4 == 1 || size > out.size()) return std::nullopt;
  uint32_t pending = 0;
  int bits = 0;
  size_t at = 0;
  for (const char c : text) {
    const uint8_t value = kFromBase64[static_cast<uint8_t>(c)];
    if (value == kForeign) return std::nullopt;
    pending = (pending << 6) | value;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    out[at++] = static_cast<std::byte>(pending >> bits);
  }
  const uint32_t stray = pending & ((1U << bits) - 1);
  if (stray != 0) return std::nullopt;
  return at;
}

bool from_hex(std::string_view text, std::span<std::byte> out) {
  if (text.size() != out.size() * 2) return false;
  for (size_t i = 0; i < out.size(); ++i) {
    const uint8_t high = kFromHex[static_cast<uint8_t>(text[2 * i])];
    const uint8_t low = kFromHex[static_cast<uint8_t>(text[2 * i + 1])];
    if (high == kForeign || low == kForeign) return false;
    out[i] = static_cast<std::byte>(high << 4 | low);
  }
  return true;
}

}  // namespace doorbuster
