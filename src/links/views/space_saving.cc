#include "links/views/space_saving.h"

#include <algorithm>

#include "base/varint.h"

namespace doorbuster::links {

// Frequent ones stand in front, so they are found soon; and the rarest is the last.
SpaceSaving::At SpaceSaving::counter_of(std::string_view text) {
  auto found = std::ranges::find(counters_, text, &Counter::text);
  if (found != counters_.end()) return found;
  if (counters_.size() < kCountersMax) return counters_.insert(found, {.text = std::string(text)});
  --found;
  found->text = text;
  found->taken_over = found->count;
  return found;
}

void SpaceSaving::note(std::string_view text) {
  const auto found = counter_of(text);
  // It changes places with the first that is as frequent, and is then the last of the more frequent.
  const auto first = std::ranges::lower_bound(counters_, found->count, std::ranges::greater(), &Counter::count);
  ++found->count;
  std::iter_swap(first, found);
}

SpaceSaving& SpaceSaving::operator+=(const SpaceSaving& more) {
  for (const auto& [text, count, taken_over] : more.counters_) {
    const auto found = counter_of(text);
    const uint64_t sum = found->count + count;
    const auto place = std::ranges::upper_bound(counters_.begin(), found, sum, std::ranges::greater(), &Counter::count);
    found->count = sum;
    found->taken_over += taken_over;
    std::rotate(place, found, found + 1);
  }
  return *this;
}

bool SpaceSaving::has_room_for(std::string_view text) const {
  return counters_.size() < kCountersMax || std::ranges::find(counters_, text, &Counter::text) != counters_.end();
}

bool SpaceSaving::is_exact() const {
  return std::ranges::all_of(counters_, [](const Counter& counter) { return counter.taken_over == 0; });
}

void SpaceSaving::write(ByteWriter& out) const {
  write_varint(out, counters_.size());
  for (const Counter& counter : counters_) {
    write_text(out, counter.text);
    write_varint(out, counter.count);
    write_varint(out, counter.taken_over);
  }
}

bool SpaceSaving::read(ByteReader& in) {
  const uint64_t count = read_varint(in);
  if (count > kCountersMax) return false;
  counters_.resize(count);
  for (Counter& counter : counters_) {
    counter.text = read_text(in);
    counter.count = read_varint(in);
    counter.taken_over = read_varint(in);
    if (counter.taken_over >= counter.count) return false;
  }
  return std::ranges::is_sorted(counters_, std::ranges::greater(), &Counter::count);
}

}  // namespace doorbuster::links
