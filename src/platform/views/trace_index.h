// Which requests caused which events, as long as it matters for tracing: what we call because of an event (the payment
// provider, a webhook) carries on the trace of the request that caused it.
//
// In memory only and bounded: the oldest are forgotten first, all of them with the process. An event without a cause
// here was caused by time, by a request without a trace, or too long ago to know.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <vector>

#include "base/strong.h"
#include "base/trace.h"

namespace doorbuster::platform {

class TraceIndex {
 public:
  static constexpr size_t kKept = 65'536;  // requests; 4 MiB

  explicit TraceIndex(size_t kept = kKept) : kept_(kept) {}

  // The events from `first` on, `count` of them, behind all that were noted before. Any thread.
  void note(Sequence first, uint32_t count, const TraceContext& trace);

  // Any thread.
  [[nodiscard]] std::optional<TraceContext> of(Sequence event) const;

 private:
  struct Range {
    uint64_t first;
    uint32_t count;
    TraceContext trace;
  };
  static_assert(sizeof(Range) * kKept <= size_t{4} << 20);

  [[nodiscard]] const Range& at(size_t age) const { return ring_[(oldest_ + age) % ring_.size()]; }

  const size_t kept_;
  mutable std::mutex mutex_;
  std::vector<Range> ring_;  // in the order of the events, from `oldest_` on
  size_t oldest_ = 0;
};

}  // namespace doorbuster::platform
