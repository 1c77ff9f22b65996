// The N best of many scored items, in the one order that there is (BetterItem).
#pragma once

#include <span>
#include <vector>

#include "recs/models/item.h"

namespace doorbuster::recs {

// Shortens the list to its `count` best and sorts them.
void keep_best(std::vector<ScoredItem>& items, size_t count);

}  // namespace doorbuster::recs
