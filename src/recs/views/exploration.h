// Drawing at the last positions of an answer, with how likely each outcome was, so that what another policy would have
// got can be estimated from what came of it.
//
// At each of these positions the first of what is left stands with probability 1 - share; with `share` it is one of the
// first `pool` of what is left, each as likely (epsilon-greedy; Sutton and Barto 2018, 2.2). So a propensity is never
// below share / pool, and an estimate never weighs one answer more than pool / share.
#pragma once

#include <vector>

#include "recs/views/picker.h"

namespace doorbuster::recs {

// How many are drawn, and how many have to be picked so that each is drawn among a pool.
[[nodiscard]] size_t drawn_of(const Exploration& explore, size_t n);
[[nodiscard]] size_t picked_for(const Exploration& explore, size_t n);

// Leaves n of them, the first `fixed` as they are. The same seed draws the same.
void explore(std::vector<Recommended>& picked, const Exploration& explore, size_t n, size_t fixed, uint64_t seed);

}  // namespace doorbuster::recs
