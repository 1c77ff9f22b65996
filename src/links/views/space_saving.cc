#include "links/views/space_saving.h"

#include <algorithm>

namespace doorbuster::links {

// Frequent ones stand in front, so they are found soon; and the rarest is the last.
void SpaceSaving::note(std::string_view text) {
  auto found = std::ranges::find(counters_, text, &Counter::text);
  if (found == counters_.end()) {
    if (counters_.size() < kCountersMax) {
      found = counters_.insert(found, {.text = std::string(text)});
    } else {
      --found;
      found->text = text;
      found->taken_over = found->count;
    }
  }
  // It changes places with the first that is as frequent, and is then the last of the more frequent.
  const auto first = std::ranges::lower_bound(counters_, found->count, std::ranges::greater(), &Counter::count);
  ++found->count;
  std::iter_swap(first, found);
}

void SpaceSaving::write(ByteWriter& out) const {
  out.integer(static_cast<uint32_t>(counters_.size()));
  for (const Counter& counter : counters_) {
    out.text(counter.text);
    out.integer(counter.count);
    out.integer(counter.taken_over);
  }
}

bool SpaceSaving::read(ByteReader& in) {
  const auto count = in.integer<uint32_t>();
  if (count > kCountersMax) return false;
  counters_.resize(count);
  for (Counter& counter : counters_) {
    counter.text = in.text();
    counter.count = in.integer<uint64_t>();
    counter.taken_over = in.integer<uint64_t>();
    if (counter.taken_over >= counter.count) return false;
  }
  return std::ranges::is_sorted(counters_, std::ranges::greater(), &Counter::count);
}

}  // namespace doorbuster::links
