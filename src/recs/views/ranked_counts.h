// Items by a count of each, the greatest first, in order at any moment: a count that grows or shrinks by one costs one
// exchange of two places, because all items of one count stand together.
#pragma once

#include <map>
#include <span>
#include <unordered_map>
#include <vector>

#include "base/assert.h"

namespace doorbuster::recs {

class RankedCounts {
 public:
  RankedCounts() = default;
  RankedCounts(RankedCounts&&) noexcept = default;
  RankedCounts& operator=(RankedCounts&&) noexcept = default;

  // Items of one count stand in no particular order. An item that was never named is not among them.
  [[nodiscard]] std::span<const uint32_t> items() const { return order_; }
  [[nodiscard]] uint64_t count_of(uint32_t item) const {
    const auto place = places_.find(item);
    return place == places_.end() ? 0 : place->second.count;
  }
  [[nodiscard]] size_t size() const { return order_.size(); }

  // Names it, with a count of 0, if it is not there.
  void add(uint32_t item) { (void)added(item); }
  void remove(uint32_t item) {
    const auto place = places_.find(item);
    if (place == places_.end()) return;
    shrink(item, place->second.count);
    const auto last = static_cast<uint32_t>(order_.size() - 1);
    exchange(place->second.position, last);
    if (firsts_.at(0) == last) firsts_.erase(0);
    order_.pop_back();
    place_at_.pop_back();
    places_.erase(place);
  }
  // `by` places at most; usually one, as it is a weight of a few.
  void grow(uint32_t item, uint64_t by) {
    Place& place = added(item);
    while (by > 0) {
      const auto block = firsts_.find(place.count);
      const uint32_t first = block->second;
      const uint64_t above = first == 0 ? UINT64_MAX : count_at(first - 1);
      // Up to the next count that others have, or all the way.
      const uint64_t step = std::min(by, above == UINT64_MAX ? by : above - place.count);
      exchange(place.position, first);
      leave_first(place.count, first);
      place.count += step;
      firsts_.try_emplace(place.count, first);
      by -= step;
    }
  }
  void shrink(uint32_t item, uint64_t by) {
    Place& place = places_.at(item);
    ASSERT(place.count >= by);
    while (by > 0) {
      const uint32_t last = last_of(place.count);
      const uint64_t below = last + 1 == order_.size() ? 0 : count_at(last + 1);
      const uint64_t step = std::min(by, place.count - below);
      exchange(place.position, last);
      if (firsts_.at(place.count) == last) firsts_.erase(place.count);
      place.count -= step;
      firsts_.insert_or_assign(place.count, last);
      by -= step;
    }
  }
  void clear() { *this = {}; }

 private:
  struct Place {
    uint64_t count = 0;
    uint32_t position = 0;
  };

  Place& added(uint32_t item) {
    const auto [place, is_new] = places_.try_emplace(item);
    if (!is_new) return place->second;
    place->second.position = static_cast<uint32_t>(order_.size());
    firsts_.try_emplace(0, place->second.position);
    order_.push_back(item);
    place_at_.push_back(&place->second);
    return place->second;
  }
  [[nodiscard]] uint64_t count_at(uint32_t position) const { return place_at_[position]->count; }
  // The next lower count begins behind it.
  [[nodiscard]] uint32_t last_of(uint64_t count) const {
    const auto block = firsts_.find(count);
    ASSERT(block != firsts_.end());
    if (block == firsts_.begin()) return static_cast<uint32_t>(order_.size() - 1);
    return std::prev(block)->second - 1;
  }
  void leave_first(uint64_t count, uint32_t first) {
    if (last_of(count) == first)
      firsts_.erase(count);
    else
      firsts_.at(count) = first + 1;
  }
  void exchange(uint32_t a, uint32_t b) {
    if (a == b) return;
    std::swap(order_[a], order_[b]);
    std::swap(place_at_[a], place_at_[b]);
    place_at_[a]->position = a;
    place_at_[b]->position = b;
  }

  std::vector<uint32_t> order_;
  std::vector<Place*> place_at_;  // of each in the order; they don't move
  std::unordered_map<uint32_t, Place> places_;
  std::map<uint64_t, uint32_t> firsts_;  // by count: where its block begins
};

}  // namespace doorbuster::recs
