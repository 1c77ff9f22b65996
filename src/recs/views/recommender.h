// What is recommended, and why: sources one behind another, until there are as many items as were asked for.
//
//   what is blended for the visitor (candidates.h); what is popular in the categories of what they looked at; what is
//   popular; what is new
//
// Each source passes over what may not be shown (picker.h), so that as many as there are come back, however few may.
#pragma once

#include <vector>

#include "recs/views/candidates.h"
#include "recs/views/picker.h"

namespace doorbuster::recs {

// Of an item: other items with the most visitors who did the same with both, and then as many others as it takes.
[[nodiscard]] std::vector<Recommended> also_bought(const RecsTables& tables, uint32_t item, const Question& question);
[[nodiscard]] std::vector<Recommended> also_viewed(const RecsTables& tables, uint32_t item, const Question& question);
// By what the shop says of it: categories, brand, vectors.
[[nodiscard]] std::vector<Recommended> similar(const RecsTables& tables, uint32_t item, const Question& question);
// For them.
[[nodiscard]] std::vector<Recommended> for_visitors(const RecsTables& tables, const Question& question);
// The shop's own list, all of it, the best for them first; what says nothing of an item leaves it where it was.
[[nodiscard]] std::vector<Recommended> ranked(const RecsTables& tables, const std::vector<uint32_t>& items,
                                              const Question& question);
// In a category, or everywhere.
[[nodiscard]] std::vector<Recommended> popular(const RecsTables& tables, std::optional<uint32_t> category,
                                               const Question& question);

// What is looked at and bought more than usual, in a category or everywhere; then what is popular there.
[[nodiscard]] std::vector<Recommended> trending(const RecsTables& tables, Window window,
                                                std::optional<uint32_t> category, const Question& question);

}  // namespace doorbuster::recs
