#include "base/trace.h"

#include <algorithm>

#include "base/assert.h"
#include "base/bytes.h"
#include "base/crypto.h"
#include "base/encoding.h"

namespace doorbuster {
namespace {

constexpr size_t kLengthOfVersion00 = 55;
constexpr std::byte kSampled{1};

bool is_zero(Bytes bytes) {
  return std::ranges::all_of(bytes, [](std::byte byte) { return byte == std::byte{0}; });
}

// The header allows lower case only.
bool from_lower_hex(std::string_view text, std::span<std::byte> out) {
  return std::ranges::none_of(text, [](char c) { return c >= 'A' && c <= 'F'; }) && from_hex(text, out);
}

// An id of zeros means "no id" and is never sent.
void make_valid(std::span<std::byte> id) {
  if (is_zero(id)) id.back() = std::byte{1};
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

TraceContext begin_trace() {
  std::array<std::byte, kTraceRandomBytes> random;
  fill_random(random);
  return begin_trace(random, false);
}

TraceContext child_of(const TraceContext& parent) {
  std::array<std::byte, kSpanRandomBytes> random;
  fill_random(random);
  return child_of(parent, random);
}

}  // namespace doorbuster
