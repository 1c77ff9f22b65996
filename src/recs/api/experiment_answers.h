// An answer as the experiment that it is part of wants it: of one variant, or of two that share it.
#pragma once

#include <functional>

#include "recs/api/answer_ids.h"
#include "recs/api/names.h"
#include "recs/views/recommender.h"

namespace doorbuster::recs {

using Recommend = std::function<std::vector<Recommended>(const RecsTables&, const Question&)>;

// Fills in the items, where they are shown and what experiment they are part of: of those that run on the surface, the
// first by name; of none where nobody is named for whom it is, and where the shop's own list is ranked. `given` has its
// visitors.
void recommend_in_experiment(const RecsTables& tables, const Names& names, Question question,
                             const Recommend& recommend, GivenAnswer& given);

}  // namespace doorbuster::recs
