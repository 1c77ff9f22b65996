// What may be recommended to somebody, by each source, blended into one list: what comes next in visits like theirs,
// what goes with what they did something with (by pairs), and what is popular. How much each source is worth is learnt
// (LearntModel); what each of them says is computed from the tables, at the time of the question.
#pragma once

#include <functional>
#include <vector>

#include "recs/views/picker.h"

namespace doorbuster::recs {

// The items that they did something with lately, the newest first, each once.
[[nodiscard]] std::vector<uint32_t> lately(const RecsTables& tables, const Visitors& visitors);

// Items that pass `accept`, in no order; a score of 1 is what the best item of a source gets that weighs 1.
[[nodiscard]] std::vector<Recommended> blended_for(const RecsTables& tables, const Visitors& visitors,
                                                   const ItemFilter& accept);

}  // namespace doorbuster::recs
