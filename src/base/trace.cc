#include "ops/trace.h"

#include <algorithm>

#include "base/bytes.h"
#include "base/encoding.h"

namespace doorbuster::ops {
namespace {

constexpr size_t kLengthOfVersion00 = 55;
constexpr size_t kMostStateMembers = 32;
constexpr size_t kLongestStateValue = 256;
constexpr std::byte kSampled{1};

bool is_zero(Bytes bytes) {
  return std::ranges::all_of(bytes, [](std::byte byte) { return byte == std::byte{0}; });
}

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

// The header allows lower case only.
bool from_lower_hex(std::string_view text, std::span<std::byte> out) {
  return std::ranges::none_of(text, [](char c) { return c >= 'A' && c <= 'F'; }) && from_hex(text, out);
}

// An id of zeros means "no id" and is never sent.
void make_valid(std::span<std::byte> id) {
  if (is_zero(id)) id.back() = std::byte{1};
}

std::string_view trimmed(std::string_view text) {
  const auto is_blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

// lcalpha, DIGIT, "_", "-", "*", "/" after the first character, which is a letter, or with `digit_first` also a digit.
bool is_key_part(std::string_view text, size_t longest, bool digit_first) {
  const auto is_rest = [](char c) {
    return is_lower(c) || is_digit(c) || c == '_' || c == '-' || c == '*' || c == '/';
  };
  return !text.empty() && text.size() <= longest && (is_lower(text[0]) || (digit_first && is_digit(text[0]))) &&
         std::ranges::all_of(text, is_rest);
}

// simple-key, or tenant-id "@" system-id.
bool is_state_key(std::string_view key) {
  const size_t at = key.find('@');
  if (at == std::string_view::npos) return is_key_part(key, 256, false);
  return is_key_part(key.substr(0, at), 241, true) && is_key_part(key.substr(at + 1), 14, false);
}

// Printable ASCII without "," and "="; a blank is not the last character.
bool is_state_value(std::string_view value) {
  const auto is_char = [](char c) { return c >= 0x20 && c <= 0x7E && c != ',' && c != '='; };
  return !value.empty() && value.size() <= kLongestStateValue && value.back() != ' ' &&
         std::ranges::all_of(value, is_char);
}

}  // namespace

std::string TraceContext::trace_id_text() const { return to_hex(trace_id); }

std::optional<TraceContext> parse_traceparent(std::string_view value) {
  if (value.size() < kLengthOfVersion00 || value[2] != '-' || value[35] != '-' || value[52] != '-') return std::nullopt;
  TraceContext trace;
  std::array<std::byte, 1> version{};
  std::array<std::byte, 1> flags{};
  if (!from_lower_hex(value.substr(0, 2), version) || !from_lower_hex(value.substr(3, 32), trace.trace_id) ||
      !from_lower_hex(value.substr(36, 16), trace.span_id) || !from_lower_hex(value.substr(53, 2), flags)) {
    return std::nullopt;
  }
  if (version[0] == std::byte{0xFF} || is_zero(trace.trace_id) || is_zero(trace.span_id)) return std::nullopt;
  const bool is_longer = value.size() > kLengthOfVersion00;
  if (is_longer && (version[0] == std::byte{0} || value[kLengthOfVersion00] != '-')) return std::nullopt;
  trace.sampled = (flags[0] & kSampled) == kSampled;
  return trace;
}

std::string format_traceparent(const TraceContext& trace) {
  ASSERT(!is_zero(trace.trace_id) && !is_zero(trace.span_id));
  return "00-" + to_hex(trace.trace_id) + "-" + to_hex(trace.span_id) + (trace.sampled ? "-01" : "-00");
}

bool is_tracestate(std::string_view value) {
  std::array<std::string_view, kMostStateMembers> keys;
  size_t members = 0;
  for (size_t begin = 0; begin <= value.size();) {
    const size_t end = std::min(value.find(',', begin), value.size());
    const std::string_view member = trimmed(value.substr(begin, end - begin));
    begin = end + 1;
    if (member.empty()) continue;
    const size_t equals = member.find('=');
    if (equals == std::string_view::npos || members == kMostStateMembers) return false;
    const std::string_view key = member.substr(0, equals);
    const auto seen = std::span(keys).first(members);
    if (!is_state_key(key) || !is_state_value(member.substr(equals + 1)) || std::ranges::count(seen, key) > 0)
      return false;
    keys[members++] = key;
  }
  return members > 0;
}

TraceContext begin_trace(std::span<const std::byte, kTraceRandomBytes> random, bool sampled) {
  TraceContext trace;
  std::ranges::copy(random.first<16>(), trace.trace_id.begin());
  std::ranges::copy(random.last<8>(), trace.span_id.begin());
  make_valid(trace.trace_id);
  make_valid(trace.span_id);
  trace.sampled = sampled;
  return trace;
}

TraceContext child_of(const TraceContext& parent, std::span<const std::byte, kSpanRandomBytes> random) {
  TraceContext child = parent;
  std::ranges::copy(random, child.span_id.begin());
  make_valid(child.span_id);
  return child;
}

}  // namespace doorbuster::ops
