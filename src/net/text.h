// Small text tools of HTTP: ASCII case, digits, percent-encoding (RFC 3986 section 2.1).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace doorbuster::net {

[[nodiscard]] constexpr char to_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

[[nodiscard]] constexpr bool is_blank(char c) { return c == ' ' || c == '\t'; }

[[nodiscard]] constexpr bool is_alphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

[[nodiscard]] constexpr bool equals_ignoring_case(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i) {
    if (to_lower(a[i]) != to_lower(b[i])) return false;
  }
  return true;
}

enum class PlusSign { kLiteral, kSpace };  // kSpace in query strings and forms

// Decodes into `out` and returns the decoded text; without an escape it returns `text` itself and writes nothing.
// Nothing if an escape is broken or the result does not fit.
[[nodiscard]] std::optional<std::string_view> percent_decode(std::string_view text, std::span<char> out, PlusSign plus);

// The raw (still encoded) value of the first `name=value` in a query string; a name without '=' has an empty value.
[[nodiscard]] std::optional<std::string_view> query_value(std::string_view query, std::string_view name);

// A whole non-negative decimal number, or nothing.
[[nodiscard]] std::optional<uint64_t> parse_number(std::string_view text);

}  // namespace doorbuster::net
