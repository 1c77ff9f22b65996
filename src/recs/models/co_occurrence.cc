#include "recs/models/co_occurrence.h"

#include <algorithm>

namespace doorbuster::recs {
namespace {

BasketEntry entry_of(ItemNumber item, BasketEvent kind, Timestamp at) {
  const int64_t seconds = std::clamp<int64_t>(at.micros() / 1'000'000, 0, UINT32_MAX);
  return {.seconds = static_cast<uint32_t>(seconds), .item = item, .kind = kind};
}

}  // namespace

void CoOccurrence::read(BasketNumber basket, std::vector<BasketEntry>& into) const {
  const auto found = baskets_.find(basket);
  if (found != baskets_.end()) into.assign(found->second.events.rbegin(), found->second.events.rend());
}

template <class Edit>
void CoOccurrence::edit(BasketNumber basket, Edit&& change) {
  const PairCounts::Members before = counts_.members_of(basket);
  change();
  counts_.change(basket, before, counts_.members_of(basket));
}

bool CoOccurrence::add(BasketNumber basket, ItemNumber item, BasketEvent kind, Timestamp at) {
  const Addition event{.item = item, .kind = kind, .at = at};
  return add(basket, {&event, 1}) == 1;
}

size_t CoOccurrence::add(BasketNumber basket, std::span<const Addition> events) {
  std::vector<BasketEntry> added;
  for (const Addition& one : events) {
    const BasketEntry entry = entry_of(one.item, one.kind, one.at);
    if (counts_.counts(entry)) added.push_back(entry);
  }
  if (added.empty()) return 0;
  edit(basket, [&] {
    Basket& changed = baskets_[basket];
    std::vector<BasketEntry>& kept = changed.events;
    for (const BasketEntry& event : added) kept.insert(std::ranges::upper_bound(kept, event), event);
    if (kept.size() <= kEventsMax) return;
    kept.erase(kept.begin(), kept.end() - kEventsMax);
    changed.is_truncated = true;
  });
  return added.size();
}

CoOccurrence::Removed CoOccurrence::remove(BasketNumber basket, ItemNumber item, BasketEvent kind, Timestamp at) {
  const BasketEntry event = entry_of(item, kind, at);
  const auto found = baskets_.find(basket);
  if (found == baskets_.end()) return Removed::kNothing;
  std::vector<BasketEntry>& events = found->second.events;
  const auto place = std::ranges::lower_bound(events, event);
  if (place == events.end() || *place != event) return Removed::kNothing;
  const bool was_truncated = found->second.is_truncated;
  edit(basket, [&] { events.erase(place); });
  if (events.empty()) baskets_.erase(found);
  return was_truncated ? Removed::kTruncated : Removed::kExactly;
}

void CoOccurrence::remove_basket(BasketNumber basket) {
  edit(basket, [&] { baskets_.erase(basket); });
}

void CoOccurrence::remove_item(ItemNumber item) {
  for (auto at = baskets_.begin(); at != baskets_.end();) {
    std::vector<BasketEntry>& events = at->second.events;
    edit(at->first, [&] { std::erase_if(events, [item](const BasketEntry& event) { return event.item == item; }); });
    at = events.empty() ? baskets_.erase(at) : std::next(at);
  }
}

void CoOccurrence::advance(Timestamp now) {
  if (!counts_.advance(now)) return;
  std::vector<BasketNumber> left;
  for (auto at = baskets_.begin(); at != baskets_.end();) {
    std::vector<BasketEntry>& events = at->second.events;
    std::erase_if(events, [this](const BasketEntry& event) { return !counts_.counts(event); });
    if (!events.empty()) left.push_back(at->first);
    at = events.empty() ? baskets_.erase(at) : std::next(at);
  }
  counts_.count(left);
}

size_t CoOccurrence::bytes() const {
  size_t all = counts_.bytes() + baskets_.size() * kBasketBytes;
  for (const auto& [number, basket] : baskets_) all += basket.events.capacity() * sizeof(BasketEntry);
  return all;
}

}  // namespace doorbuster::recs
