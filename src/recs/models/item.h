// Items as the models know them: dense numbers, given by whoever feeds them.
#pragma once

#include <cstdint>
#include <vector>

namespace doorbuster::recs {

using ItemNumber = uint32_t;
inline constexpr ItemNumber kNoItem = UINT32_MAX;

struct ScoredItem {
  ItemNumber item;
  float score;

  bool operator==(const ScoredItem&) const = default;
};

// The best first; of equal scores the lower number. A strict order, so that every sort gives the same list.
struct BetterItem {
  bool operator()(const ScoredItem& a, const ScoredItem& b) const {
    return a.score != b.score ? a.score > b.score : a.item < b.item;
  }
};

}  // namespace doorbuster::recs
