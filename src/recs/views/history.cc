#include "recs/views/history.h"

#include <algorithm>
#include <tuple>

#include "base/assert.h"

namespace doorbuster::recs {
namespace {

constexpr Timestamp kFirst = Timestamp::from_micros(INT64_MIN >> 4), kLast = Timestamp::from_micros(INT64_MAX >> 4);

constexpr int64_t kValueMost = (int64_t{1} << 53) - 1;
constexpr uint32_t kQuantityMost = (1U << 26) - 1;

// 0 if they are no two letters.
int64_t country_number(uint16_t letters, uint32_t count) {
  const auto first = static_cast<uint32_t>((letters >> 8) - 'A');
  const auto second = static_cast<uint32_t>((letters & 0xFF) - 'A');
  return first < count && second < count ? int64_t{first} * count + second + 1 : 0;
}

// Grows by a quarter: there are as many histories as visitors, and what is in hand for each adds up.
template <class Entry>
void make_room(std::vector<Entry>& entries) {
  if (entries.size() == entries.capacity()) entries.reserve(entries.size() + entries.size() / 4 + 2);
}

}  // namespace

bool History::has(uint32_t item, EventKind kind) const {
  return std::ranges::any_of(touches_, [&](const Packed& one) { return one.item == item && one.kind() == kind; });
}

bool History::has(uint32_t item) const {
  return std::ranges::any_of(touches_, [&](const Packed& one) { return one.item == item; });
}

// Where it stands depends on what it is, not on when it came.
void History::add(const Touch& touch) {
  const bool has_more = touch.by != kNobody || touch.quantity != 1 || touch.value_thousandths != 0 || touch.word != 0 ||
                        touch.country != 0;
  const int64_t at = std::clamp(touch.at, kFirst, kLast).micros();
  const Packed packed{.packed_at = at << 4 | (has_more ? 8 : 0) | static_cast<int64_t>(touch.kind), .item = touch.item};
  const auto place = [](const Packed& one) { return std::tuple(one.at(), uint32_t{one.item}, one.kind()); };
  make_room(touches_);
  const auto added = touches_.insert(std::ranges::upper_bound(touches_, place(packed), {}, place), packed);
  if (!has_more) return;
  make_room(more_);
  const size_t before = more_before(static_cast<size_t>(added - touches_.begin()));
  const int64_t value = std::clamp(touch.value_thousandths, -kValueMost, kValueMost);
  more_.insert(more_.begin() + static_cast<ptrdiff_t>(before),
               {.value_and_country = value << kCountryBits | country_number(touch.country, kLetters),
                .by = touch.by,
                .quantity_and_word = std::min(touch.quantity, kQuantityMost) << kWordBits | touch.word});
}

std::optional<size_t> History::one_too_many(size_t most) const {
  if (touches_.size() <= most) return std::nullopt;
  const auto other =
      std::ranges::find_if(touches_, [](const Packed& one) { return one.kind() != EventKind::kPurchase; });
  return other == touches_.end() ? 0 : static_cast<size_t>(other - touches_.begin());
}

std::optional<size_t> History::purchase_of(uint32_t item) const {
  for (size_t index = touches_.size(); index > 0; --index) {
    const Packed& one = touches_[index - 1];
    if (one.item == item && one.kind() == EventKind::kPurchase) return index - 1;
  }
  return std::nullopt;
}

Touch History::remove(size_t index) {
  ASSERT(index < touches_.size());
  const Touch removed = (*this)[index];
  if (touches_[index].has_more()) more_.erase(more_.begin() + static_cast<ptrdiff_t>(more_before(index)));
  touches_.erase(touches_.begin() + static_cast<ptrdiff_t>(index));
  return removed;
}

}  // namespace doorbuster::recs
