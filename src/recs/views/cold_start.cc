#include "recs/views/cold_start.h"

#include <algorithm>
#include <unordered_map>

namespace doorbuster::recs {
namespace {

constexpr double kDecayOfGiven = 0.8;  // of each item before

double best_of(const std::vector<Recommended>& candidates) {
  double best = 0;
  for (const Recommended& each : candidates) best = std::max(best, each.score);
  return best > 0 ? best : 1;
}

}  // namespace

void add_new_items(const RecsTables& tables, std::span<const uint32_t> given, const Picker& picker,
                   std::vector<Recommended>& candidates) {
  const ColdItems& cold = tables.new_items();
  if (cold.size() == 0) return;
  const double best = best_of(candidates);
  std::vector<ScoredItem> known;
  known.reserve(candidates.size() + given.size());
  for (const Recommended& each : candidates) known.push_back({each.item, static_cast<float>(each.score / best)});
  double weight = static_cast<double>(cold.options().direct);
  for (const uint32_t item : given) {
    known.push_back({item, static_cast<float>(weight)});
    weight *= kDecayOfGiven;
  }
  const std::vector<ColdItems::Score> scores = cold.scores(known);
  if (scores.empty()) return;
  std::unordered_map<uint32_t, size_t> places;
  for (size_t i = 0; i < candidates.size(); ++i) places.emplace(candidates[i].item, i);
  const double most = static_cast<double>(std::max(1.0F, cold.options().direct) + cold.options().prior);
  for (const ColdItems::Score& each : scores) {
    if (std::ranges::find(given, each.item) != given.end() || !picker.may_take(each.item)) continue;
    const double score = best * static_cast<double>(each.score) / most;
    const Recommended one{.item = each.item, .score = score, .source = Source::kColdStart, .because = each.because};
    const auto place = places.find(each.item);
    if (place == places.end())
      candidates.push_back(one);
    else if (candidates[place->second].score < score)
      candidates[place->second] = one;
  }
}

}  // namespace doorbuster::recs
