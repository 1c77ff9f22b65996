#include "recs/views/interleaving.h"

#include <algorithm>
#include <cmath>
#include <unordered_set>

#include "base/prng.h"

namespace doorbuster::recs {

// Scores of two lists say nothing of each other: the one before bounds the next, as everywhere.
std::vector<Recommended> team_draft(const std::vector<Recommended>& first, const std::vector<Recommended>& second,
                                    size_t n, uint64_t seed) {
  Prng coins(seed);
  const std::array<const std::vector<Recommended>*, 2> lists = {&first, &second};
  std::array<size_t, 2> next = {0, 0};
  std::unordered_set<uint32_t> named;
  std::vector<Recommended> drafted;
  const auto name_one = [&](uint8_t team) {
    while (next[team] < lists[team]->size() && named.contains((*lists[team])[next[team]].item)) ++next[team];
    if (next[team] == lists[team]->size() || drafted.size() == n) return;
    drafted.push_back((*lists[team])[next[team]++]);
    drafted.back().team = team;
    named.insert(drafted.back().item);
  };
  for (size_t before = SIZE_MAX; drafted.size() < n && drafted.size() != before;) {
    before = drafted.size();
    const auto captain = static_cast<uint8_t>(coins.below(2));
    name_one(captain);
    name_one(captain ^ 1U);
  }
  double most = INFINITY;
  for (Recommended& each : drafted) most = each.score = std::min(most, each.score);
  return drafted;
}

}  // namespace doorbuster::recs
