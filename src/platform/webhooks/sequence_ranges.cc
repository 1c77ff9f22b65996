#include "platform/webhooks/sequence_ranges.h"

#include <algorithm>
#include <iterator>

#include "base/assert.h"

namespace doorbuster::platform {

SequenceRanges::SequenceRanges(uint64_t position, const std::vector<SequenceRange>& above) : position_(position) {
  for (const SequenceRange& range : above) add(range);
}

bool SequenceRanges::contains(uint64_t sequence) const {
  if (sequence <= position_) return true;
  const auto behind = above_.upper_bound(sequence);
  return behind != above_.begin() && std::prev(behind)->second >= sequence;
}

std::vector<SequenceRange> SequenceRanges::above(size_t count_max) const {
  std::vector<SequenceRange> lowest;
  for (const auto& [first, last] : above_) {
    if (lowest.size() == count_max) break;
    lowest.push_back({first, last});
  }
  return lowest;
}

void SequenceRanges::add(SequenceRange range) {
  ASSERT(range.first <= range.last);
  if (range.last <= position_) return;
  // All that it overlaps or touches becomes part of it.
  auto next = above_.upper_bound(range.first);
  if (next != above_.begin() && std::prev(next)->second + 1 >= range.first) --next;
  while (next != above_.end() && next->first <= range.last + 1) {
    range.first = std::min(range.first, next->first);
    range.last = std::max(range.last, next->second);
    next = above_.erase(next);
  }
  if (range.first <= position_ + 1)
    position_ = range.last;
  else
    above_.emplace(range.first, range.last);
}

}  // namespace doorbuster::platform
