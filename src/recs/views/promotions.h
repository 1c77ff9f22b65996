// Promotions: items that an operator wants seen for a time, at a position or in a share of the positions. What may not
// be shown is not shown for being promoted; caps do not hold them back.
#pragma once

#include <functional>
#include <vector>

#include "recs/views/picker.h"

namespace doorbuster::recs {

// Where they stand, from 0: at the position, or spread evenly over the answer, as many as the share says and one at
// least.
[[nodiscard]] std::vector<size_t> positions_of(const Rule& rule, size_t n);
// Which items take them: those that the rule names, in its order; by a filter those that are picked anyway, the best
// first, and then popular ones.
[[nodiscard]] std::vector<uint32_t> promoted_by(const Rule& rule, const std::vector<uint32_t>& named,
                                                const std::vector<Recommended>& picked, size_t n,
                                                const Catalogue& catalogue,
                                                const std::function<bool(uint32_t item)>& may_promote);
// Puts them there: what stood there moves on, behind `n` it is gone. Pinned items stay where they are.
void place_promoted(std::vector<Recommended>& picked, const Rule& rule, const std::vector<uint32_t>& promoted,
                    size_t n);

}  // namespace doorbuster::recs
