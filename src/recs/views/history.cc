#include "recs/views/history.h"

#include <algorithm>

#include "base/assert.h"

namespace doorbuster::recs {

bool History::has(uint32_t item, EventKind kind) const {
  return std::ranges::any_of(touches_, [&](const Touch& touch) { return touch.item == item && touch.kind == kind; });
}

bool History::has(uint32_t item) const {
  return std::ranges::any_of(touches_, [&](const Touch& touch) { return touch.item == item; });
}

// Behind those of its time.
void History::add(const Touch& touch) {
  const auto later = std::ranges::upper_bound(touches_, touch.at, {}, &Touch::at);
  touches_.insert(later, touch);
}

std::optional<size_t> History::one_too_many(size_t most) const {
  if (touches_.size() <= most) return std::nullopt;
  const auto other =
      std::ranges::find_if(touches_, [](const Touch& each) { return each.kind != EventKind::kPurchase; });
  return other == touches_.end() ? 0 : static_cast<size_t>(other - touches_.begin());
}

std::optional<size_t> History::purchase_of(uint32_t item) const {
  for (size_t index = touches_.size(); index > 0; --index) {
    const Touch& touch = touches_[index - 1];
    if (touch.item == item && touch.kind == EventKind::kPurchase) return index - 1;
  }
  return std::nullopt;
}

Touch History::remove(size_t index) {
  ASSERT(index < touches_.size());
  const Touch removed = touches_[index];
  touches_.erase(touches_.begin() + static_cast<ptrdiff_t>(index));
  return removed;
}

}  // namespace doorbuster::recs
