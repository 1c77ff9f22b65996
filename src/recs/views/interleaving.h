// Two lists in one: team draft (Radlinski, Kurup, Joachims, "How does clickthrough data reflect retrieval quality?",
// CIKM 2008). As captains do, the two take turns at naming the best of their list that nobody has named, a coin before
// each round saying who goes first. Whose item is clicked gets the credit.
#pragma once

#include <vector>

#include "recs/views/picker.h"

namespace doorbuster::recs {

// n at most, each with its `team`: 0 of the first list, 1 of the second. The same seed tosses the same coins.
[[nodiscard]] std::vector<Recommended> team_draft(const std::vector<Recommended>& first,
                                                  const std::vector<Recommended>& second, size_t n, uint64_t seed);

}  // namespace doorbuster::recs
