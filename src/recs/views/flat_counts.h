// Counts by item in 8 bytes a place, of which 7 to 9 in ten are taken: for the thousands of small tables that a clock
// of counts is. Open addressing, linear probing, backward-shift deletion (Knuth, TAOCP vol. 3, 6.4, algorithm R).
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "base/assert.h"

namespace doorbuster::recs {

class FlatCounts {
 public:
  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] size_t size() const { return size_; }
  [[nodiscard]] uint32_t count_of(uint32_t item) const { return places_.empty() ? 0 : places_[place_of(item)].count; }
  void add(uint32_t item, uint32_t count) {
    ASSERT(count > 0);
    if ((size_ + 1) * 8 > places_.size() * 7) grow();
    Place& place = places_[place_of(item)];
    if (place.count == 0) {
      place.item = item;
      ++size_;
    }
    ASSERT(place.count <= UINT32_MAX - count);
    place.count += count;
  }
  // So much of it is there.
  void take(uint32_t item, uint32_t count) {
    ASSERT(!places_.empty());
    const size_t at = place_of(item);
    ASSERT(count > 0 && places_[at].count >= count);
    places_[at].count -= count;
    if (places_[at].count == 0) close_gap(at);
  }
  // Calls each(item, count), in no order.
  template <class Each>
  void each(Each&& each) const {
    for (const Place& place : places_) {
      if (place.count > 0) each(place.item, place.count);
    }
  }
  [[nodiscard]] size_t bytes() const { return places_.capacity() * sizeof(Place); }
  bool operator==(const FlatCounts& other) const {
    bool is_same = size_ == other.size_;
    each([&](uint32_t item, uint32_t count) { is_same = is_same && other.count_of(item) == count; });
    return is_same;
  }

 private:
  struct Place {
    uint32_t item = 0;
    uint32_t count = 0;  // 0: nobody's
  };
  static constexpr size_t kFirstPlaces = 4;

  [[nodiscard]] size_t home_of(uint32_t item) const {
    return static_cast<size_t>(uint64_t{item * 0x9E3779B1U} * places_.size() >> 32);
  }
  // Where it is, or has to be. There are free places.
  [[nodiscard]] size_t place_of(uint32_t item) const {
    size_t at = home_of(item);
    while (places_[at].count > 0 && places_[at].item != item) at = next(at);
    return at;
  }
  [[nodiscard]] size_t next(size_t at) const { return at + 1 == places_.size() ? 0 : at + 1; }
  void grow() {
    const std::vector<Place> old = std::exchange(places_, {});
    places_.reserve(old.size() + old.size() / 4 + kFirstPlaces);
    places_.resize(places_.capacity());
    for (const Place& place : old) {
      if (place.count > 0) places_[place_of(place.item)] = place;
    }
  }
  // Whoever stands behind and could stand in the gap does.
  void close_gap(size_t gap) {
    --size_;
    for (size_t at = next(gap); places_[at].count > 0; at = next(at)) {
      const size_t home = home_of(places_[at].item);
      const bool may_move = gap <= at ? home <= gap || home > at : home <= gap && home > at;
      if (!may_move) continue;
      places_[gap] = std::exchange(places_[at], Place());
      gap = at;
    }
    places_[gap] = Place();
  }

  std::vector<Place> places_;
  size_t size_ = 0;
};

}  // namespace doorbuster::recs
