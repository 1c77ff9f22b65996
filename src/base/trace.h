// Trace context of the W3C (Recommendation of 23 November 2021, level 1): which trace a request belongs to, read from
// its `traceparent` header and handed on to whatever is called because of it.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace doorbuster {

struct TraceContext {
  std::array<std::byte, 16> trace_id{};  // never all zero
  std::array<std::byte, 8> span_id{};    // never all zero; of whoever made this call
  bool sampled = false;

  bool operator==(const TraceContext&) const = default;
  [[nodiscard]] std::string trace_id_text() const;
};

// The value of one `traceparent` header, optional white space around it already taken off (section 3.2). Nothing if it
// is not valid, in which case the caller begins a trace of its own. Versions after 00 are read as far as 00 defines
// them. Two such headers in one request are not valid either; the caller sees that.
[[nodiscard]] std::optional<TraceContext> parse_traceparent(std::string_view value);

// In version 00, always 55 characters.
[[nodiscard]] std::string format_traceparent(const TraceContext& trace);

inline constexpr size_t kTraceRandomBytes = 24;
inline constexpr size_t kSpanRandomBytes = 8;

// A trace that begins here.
[[nodiscard]] TraceContext begin_trace(std::span<const std::byte, kTraceRandomBytes> random, bool sampled);

// The same trace, with a span of our own as the parent of what is called next.
[[nodiscard]] TraceContext child_of(const TraceContext& parent, std::span<const std::byte, kSpanRandomBytes> random);

// The same two with fresh randomness, for calls that go out. A trace that begins here is not marked as sampled: nobody
// recorded anything yet.
[[nodiscard]] TraceContext begin_trace();
[[nodiscard]] TraceContext child_of(const TraceContext& parent);

}  // namespace doorbuster
