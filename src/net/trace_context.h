// W3C Trace Context, level 1: the `traceparent` field.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace doorbuster::net {

// Trivially copyable: fits into what a handler keeps with a deferred answer.
struct TraceContext {
  std::array<std::byte, 16> trace_id;
  std::array<std::byte, 8> parent_id;
  uint8_t flags = 0;

  [[nodiscard]] bool sampled() const { return (flags & 1) != 0; }
};

inline constexpr size_t kTraceparentSize = 55;

// Nothing if the value is not valid (section 3.2.2): then the caller starts a trace of its own, as if none had been
// sent.
[[nodiscard]] std::optional<TraceContext> parse_traceparent(std::string_view value);

// "00-<trace id>-<parent id>-<flags>"
[[nodiscard]] std::array<char, kTraceparentSize> format_traceparent(const TraceContext& context);

}  // namespace doorbuster::net
