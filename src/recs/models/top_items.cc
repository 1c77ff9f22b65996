#include "recs/models/top_items.h"

#include <algorithm>

namespace doorbuster::recs {

void keep_best(std::vector<ScoredItem>& items, size_t count) {
  if (items.size() > count) {
    std::ranges::nth_element(items, items.begin() + static_cast<std::ptrdiff_t>(count), BetterItem());
    items.resize(count);
  }
  std::ranges::sort(items, BetterItem());
}

}  // namespace doorbuster::recs
