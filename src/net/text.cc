#include "net/text.h"

#include <charconv>

namespace doorbuster::net {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = to_lower(c);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

// The byte of the escape at the front of `text`, or -1.
int escaped_byte(std::string_view text) {
  if (text.size() < 3) return -1;
  const int high = hex_digit(text[1]);
  const int low = hex_digit(text[2]);
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

}  // namespace

std::optional<std::string_view> percent_decode(std::string_view text, std::span<char> out, PlusSign plus) {
  const bool plus_is_space = plus == PlusSign::kSpace;
  if (text.find_first_of(plus_is_space ? "%+" : "%") == std::string_view::npos) return text;
  size_t size = 0;
  while (!text.empty()) {
    if (size == out.size()) return std::nullopt;
    const bool escape = text[0] == '%';
    const int byte = escape ? escaped_byte(text) : text[0];
    if (escape && byte < 0) return std::nullopt;
    out[size++] = !escape && plus_is_space && text[0] == '+' ? ' ' : static_cast<char>(byte);
    text.remove_prefix(escape ? 3 : 1);
  }
  return std::string_view(out.data(), size);
}

std::optional<std::string_view> query_value(std::string_view query, std::string_view name) {
  while (!query.empty()) {
    const std::string_view pair = query.substr(0, query.find('&'));
    query.remove_prefix(pair.size() < query.size() ? pair.size() + 1 : pair.size());
    const size_t equals = pair.find('=');
    if (pair.substr(0, equals) != name) continue;
    return equals == std::string_view::npos ? std::string_view() : pair.substr(equals + 1);
  }
  return std::nullopt;
}

std::optional<uint64_t> parse_number(std::string_view text) {
  uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace doorbuster::net
