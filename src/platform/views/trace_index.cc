#include "platform/views/trace_index.h"

#include <algorithm>
#include <ranges>

#include "base/assert.h"

namespace doorbuster::platform {

void TraceIndex::note(Sequence first, uint32_t count, const TraceContext& trace) {
  ASSERT(count > 0);
  const std::lock_guard lock(mutex_);
  ASSERT(ring_.empty() || at(ring_.size() - 1).first + at(ring_.size() - 1).count <= first.value());
  const Range range{first.value(), count, trace};
  if (ring_.size() < kept_) return ring_.push_back(range);
  ring_[oldest_] = range;
  oldest_ = (oldest_ + 1) % ring_.size();
}

std::optional<TraceContext> TraceIndex::of(Sequence event) const {
  const std::lock_guard lock(mutex_);
  const auto ages = std::views::iota(size_t{0}, ring_.size());
  const auto behind = [&](size_t age) { return at(age).first + at(age).count <= event.value(); };
  const auto found = std::ranges::partition_point(ages, behind);
  if (found == ages.end() || at(*found).first > event.value()) return std::nullopt;
  return at(*found).trace;
}

}  // namespace doorbuster::platform
