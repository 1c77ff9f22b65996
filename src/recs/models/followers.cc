#include "recs/models/followers.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "recs/models/parallel_for.h"
#include "recs/models/top_items.h"

namespace doorbuster::recs {
namespace {

struct FollowerScratch {
  std::vector<float> counts;
  std::vector<ItemNumber> touched;

  void add(ItemNumber item, float weight) {
    if (weight == 0) return;
    if (counts[item] == 0) touched.push_back(item);
    counts[item] += weight;
  }
};

using DistanceWeights = std::array<float, Followers::kDistanceMax + 1>;

// What stands around each place of the item in one history.
void count_around(std::span<const ItemNumber> list, ItemNumber item, float weight, float backward,
                  const DistanceWeights& weights, FollowerScratch& scratch) {
  for (size_t at = 0; at < list.size(); ++at) {
    if (list[at] != item) continue;
    for (size_t d = 1; d <= Followers::kDistanceMax; ++d) {
      if (at + d < list.size()) scratch.add(list[at + d], weight * weights[d]);
      if (at >= d) scratch.add(list[at - d], weight * backward * weights[d]);
    }
  }
}

std::vector<float> powers_of(std::span<const uint32_t> popularity, float power) {
  std::vector<float> factors(popularity.size());
  for (size_t i = 0; i < factors.size(); ++i) {
    factors[i] = std::pow(static_cast<float>(std::max(1U, popularity[i])), -power);
  }
  return factors;
}

}  // namespace

Followers Followers::train(const Interactions& whole, const FollowerOptions& options, uint32_t threads) {
  const Interactions users = whole.newest(kHistoryMax);
  DistanceWeights weights{};
  weights[1] = 1;
  for (size_t d = 2; d < weights.size(); ++d) weights[d] = weights[d - 1] * options.decay;
  const std::vector<uint32_t> popularity = users.popularity();
  const std::vector<float> of_sources = powers_of(popularity, options.source_power);
  const std::vector<float> of_targets = powers_of(popularity, options.target_power);
  const Interactions by_item = users.by_item();
  const size_t row_max = std::min(options.row_max, std::max<size_t>(1, kPairsMax / std::max<size_t>(1, users.items())));
  Followers model;
  model.options_ = options;
  model.rows_.resize(users.items());
  const auto make = [&] { return FollowerScratch{.counts = std::vector<float>(users.items(), 0.0F), .touched = {}}; };
  parallel_for(users.items(), threads, make, [&](FollowerScratch& scratch, size_t item) {
    scratch.touched.clear();
    uint32_t last = UINT32_MAX;
    for (const uint32_t user : by_item[item]) {
      if (user == last) continue;  // an item that is there twice names its user twice
      last = user;
      const auto list = users[user];
      const float of_user = std::pow(static_cast<float>(list.size()), -options.user_power);
      count_around(list, static_cast<ItemNumber>(item), of_user, options.backward, weights, scratch);
    }
    std::vector<ScoredItem> row;
    row.reserve(scratch.touched.size());
    for (const ItemNumber other : scratch.touched) {
      row.push_back({other, scratch.counts[other] * of_sources[item] * of_targets[other]});
      scratch.counts[other] = 0;
    }
    keep_best(row, row_max);
    row.shrink_to_fit();
    model.rows_[item] = std::move(row);
  });
  return model;
}

void Followers::add_scores(std::span<const ItemNumber> history, std::span<float> scores) const {
  float factor = 1;
  const size_t some = std::min(history.size(), kScoredMax);
  for (size_t i = 0; i < some; ++i, factor *= options_.history_decay) {
    for (const ScoredItem& other : row(history[history.size() - 1 - i])) scores[other.item] += factor * other.score;
  }
}

}  // namespace doorbuster::recs
