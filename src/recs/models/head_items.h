// What a model is tried on while its parameters are chosen, where the whole catalogue would take too long: the most
// popular items alone, which are numbered anew.
#pragma once

#include <span>
#include <vector>

#include "recs/models/interactions.h"
#include "recs/models/score_sources.h"

namespace doorbuster::recs {

struct HeadItems {
  Interactions users;
  std::vector<RecommendationCase> cases;  // those that are left with something given and something wanted
};

[[nodiscard]] HeadItems head_items(const Interactions& users, std::span<const RecommendationCase> cases, size_t count);

}  // namespace doorbuster::recs
