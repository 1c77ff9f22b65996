// New items among what is recommended: by what the known items that they are like score for the same visitor or item.
#pragma once

#include "recs/views/picker.h"

namespace doorbuster::recs {

// Adds new items that may be taken to candidates that were scored by what visitors did. `given`: the items that are
// recommended for, the most important first. A new item scores no more than the best candidate;
// one that is a candidate already keeps the better score.
void add_new_items(const RecsTables& tables, std::span<const uint32_t> given, const Picker& picker,
                   std::vector<Recommended>& candidates);

}  // namespace doorbuster::recs
