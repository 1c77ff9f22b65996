// Well-formed UTF-8, as Unicode 15 table 3-7 has it: no overlong forms, no surrogates, nothing beyond U+10FFFF.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace doorbuster {

// The bytes of the sequence at the start of `text`, 1 to 4; 0 if there is none.
[[nodiscard]] constexpr size_t utf8_sequence(std::string_view text) {
  const auto byte = [&](size_t i) { return i < text.size() ? static_cast<uint8_t>(text[i]) : uint8_t{0}; };
  const auto continues = [&](size_t i) { return (byte(i) & 0xC0) == 0x80; };
  const uint8_t first = byte(0);
  const uint8_t second = byte(1);
  if (first < 0x80) return text.empty() ? 0 : 1;
  if (first < 0xC2 || first > 0xF4 || !continues(1)) return 0;
  if (first < 0xE0) return 2;
  const bool overlong = (first == 0xE0 && second < 0xA0) || (first == 0xF0 && second < 0x90);
  const bool outside = (first == 0xED && second > 0x9F) || (first == 0xF4 && second > 0x8F);
  if (overlong || outside || !continues(2)) return 0;
  if (first < 0xF0) return 3;
  return continues(3) ? 4 : 0;
}

// Whether well-formed text begins with a control character: of ASCII, or of ISO 8859-1 (U+0080 to U+009F).
[[nodiscard]] constexpr bool begins_with_control(std::string_view text) {
  const auto byte = [&](size_t i) { return i < text.size() ? static_cast<uint8_t>(text[i]) : uint8_t{0}; };
  return !text.empty() && (byte(0) < 0x20 || byte(0) == 0x7F || (byte(0) == 0xC2 && text.size() > 1 && byte(1) < 0xA0));
}

}  // namespace doorbuster
