#include "net/trace_context.h"

#include <algorithm>
#include <span>

#include "base/bytes.h"
#include "base/encoding.h"

namespace doorbuster::net {
namespace {

bool is_lower_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }

bool read_hex(std::string_view text, std::span<std::byte> out) {
  return std::all_of(text.begin(), text.end(), is_lower_hex) && from_hex(text, out);
}

bool all_zero(Bytes bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](std::byte byte) { return byte == std::byte{0}; });
}

char* write_hex(Bytes bytes, char* out) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  for (const std::byte byte : bytes) {
    *out++ = kDigits[static_cast<uint8_t>(byte) >> 4];
    *out++ = kDigits[static_cast<uint8_t>(byte) & 15];
  }
  return out;
}

}  // namespace

std::optional<TraceContext> parse_traceparent(std::string_view value) {
  if (value.size() < kTraceparentSize) return std::nullopt;
  if (value[2] != '-' || value[35] != '-' || value[52] != '-') return std::nullopt;
  TraceContext context;
  std::byte version{};
  std::byte flags{};
  if (!read_hex(value.substr(0, 2), {&version, 1}) || version == std::byte{0xFF}) return std::nullopt;
  if (!read_hex(value.substr(3, 32), context.trace_id) || !read_hex(value.substr(36, 16), context.parent_id))
    return std::nullopt;
  if (!read_hex(value.substr(53, 2), {&flags, 1})) return std::nullopt;
  if (all_zero(context.trace_id) || all_zero(context.parent_id)) return std::nullopt;
  const bool longer = value.size() > kTraceparentSize;  // only a later version may say more
  if (longer && (version == std::byte{0} || value[kTraceparentSize] != '-')) return std::nullopt;
  context.flags = static_cast<uint8_t>(flags);
  return context;
}

std::array<char, kTraceparentSize> format_traceparent(const TraceContext& context) {
  std::array<char, kTraceparentSize> text;
  const std::byte flags{context.flags};
  char* at = write_hex(std::array{std::byte{0}}, text.data());
  *at++ = '-';
  at = write_hex(context.trace_id, at);
  *at++ = '-';
  at = write_hex(context.parent_id, at);
  *at++ = '-';
  write_hex({&flags, 1}, at);
  return text;
}

}  // namespace doorbuster::net
