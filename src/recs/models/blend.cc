#include "recs/models/blend.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <unordered_map>

#include "base/assert.h"
#include "recs/models/top_items.h"

namespace doorbuster::recs {
namespace {

constexpr size_t kLooksAt = 20;  // ranks
constexpr std::array<float, 12> kWeightSteps = {0, 0.02F, 0.05F, 0.1F, 0.2F, 0.35F, 0.5F, 0.75F, 1, 1.5F, 2.5F, 4};
constexpr int kRoundsMax = 4;
constexpr double kLeastGain = 0.002;  // of the value, that a step is worth: less is chance

// What is found of a case: recall among the first 20, and NDCG.
double value_of(std::span<const ItemNumber> wanted, std::span<const float> scores,
                std::span<const ItemNumber> touched) {
  double found = 0, gain = 0, best_gain = 0;
  for (size_t i = 0; i < std::min(kLooksAt, wanted.size()); ++i)
    best_gain += 1 / std::log2(2.0 + static_cast<double>(i));
  for (const ItemNumber item : wanted) {
    if (item >= scores.size() || scores[item] <= 0) continue;
    const ScoredItem self{item, scores[item]};
    const auto before = std::ranges::count_if(
        touched, [&](ItemNumber other) { return BetterItem()(ScoredItem{other, scores[other]}, self); });
    if (static_cast<size_t>(before) >= kLooksAt) continue;
    found += 1;
    gain += 1 / std::log2(2.0 + static_cast<double>(before));
  }
  return found / static_cast<double>(std::min(kLooksAt, wanted.size())) + gain / best_gain;
}

}  // namespace

void normalize(Candidates& candidates) {
  std::erase_if(candidates, [](const ScoredItem& item) { return !(item.score > 0); });
  if (candidates.empty()) return;
  const float best = std::ranges::max_element(candidates, {}, &ScoredItem::score)->score;
  for (ScoredItem& item : candidates) item.score /= best;
}

Candidates Blend::combine(std::span<const Candidates> by_source, size_t n) const {
  ASSERT(by_source.size() == weights_.size());
  std::unordered_map<ItemNumber, float> sums;
  for (size_t source = 0; source < by_source.size(); ++source) {
    if (weights_[source] == 0) continue;
    for (const ScoredItem& item : by_source[source]) sums[item.item] += weights_[source] * item.score;
  }
  Candidates all;
  all.reserve(sums.size());
  for (const auto& [item, score] : sums) all.push_back({item, score});
  keep_best(all, n);
  return all;
}

double Blend::value(std::span<const Case> cases, size_t items) const {
  std::vector<float> scores(items, 0.0F);
  std::vector<ItemNumber> touched;
  double sum = 0;
  for (const Case& one : cases) {
    for (size_t source = 0; source < weights_.size(); ++source) {
      if (weights_[source] == 0) continue;
      for (const ScoredItem& item : one.by_source[source]) {
        if (scores[item.item] == 0) touched.push_back(item.item);
        scores[item.item] += weights_[source] * item.score;
      }
    }
    sum += value_of(one.wanted, scores, touched);
    for (const ItemNumber item : touched) scores[item] = 0;
    touched.clear();
  }
  return cases.empty() ? 0 : sum / static_cast<double>(cases.size());
}

Blend Blend::learn(std::span<const Case> cases, size_t items) {
  ASSERT(!cases.empty() && !cases.front().by_source.empty());
  const size_t sources = cases.front().by_source.size();
  Blend best;
  double best_value = -1;
  const auto consider = [&](std::vector<float> weights, double least_gain) {
    Blend other(std::move(weights));
    const double value = other.value(cases, items);
    if (value <= best_value + least_gain * std::max(0.0, best_value)) return false;
    best = std::move(other);
    best_value = value;
    return true;
  };
  for (size_t source = 0; source < sources; ++source) {
    std::vector<float> alone(sources, 0.0F);
    alone[source] = 1;
    consider(std::move(alone), 0);
  }
  bool is_better = true;
  for (int round = 0; is_better && round < kRoundsMax; ++round) {
    is_better = false;
    for (size_t source = 0; source < sources; ++source) {
      for (const float weight : kWeightSteps) {
        std::vector<float> changed = best.weights_;
        if (changed[source] == weight) continue;
        changed[source] = weight;
        is_better = consider(std::move(changed), kLeastGain) || is_better;
      }
    }
  }
  return best;
}

}  // namespace doorbuster::recs
