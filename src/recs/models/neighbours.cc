#include "recs/models/neighbours.h"

#include <algorithm>
#include <cmath>

#include "base/assert.h"
#include "recs/models/model_bytes.h"
#include "recs/models/parallel_for.h"
#include "recs/models/top_items.h"

namespace doorbuster::recs {
namespace {

std::vector<float> user_weights(const Interactions& users, std::span<const float> weights, float power) {
  std::vector<float> all(users.users());
  for (size_t user = 0; user < all.size(); ++user) {
    const auto size = static_cast<float>(std::max<size_t>(1, users[user].size()));
    all[user] = std::pow(size, -power) * (weights.empty() ? 1.0F : weights[user]);
  }
  return all;
}

std::vector<float> item_factors(std::span<const uint32_t> popularity, float power) {
  std::vector<float> factors(popularity.size());
  for (size_t i = 0; i < factors.size(); ++i) {
    factors[i] = std::pow(static_cast<float>(std::max(1U, popularity[i])), -power);
  }
  return factors;
}

struct RowScratch {
  std::vector<float> counts;
  std::vector<ItemNumber> touched;
};

}  // namespace

Neighbours Neighbours::train(const Interactions& whole, std::span<const float> weights, const NeighbourOptions& options,
                             uint32_t threads) {
  ASSERT(weights.empty() || weights.size() == whole.users());
  const Interactions users = whole.newest(kHistoryMax);
  const Interactions by_item = users.by_item();
  const std::vector<float> of_users = user_weights(users, weights, options.user_power);
  const std::vector<uint32_t> popularity = users.popularity();
  const std::vector<float> of_sources = item_factors(popularity, options.source_power);
  const std::vector<float> of_targets = item_factors(popularity, options.target_power);
  const size_t row_max = std::min(options.row_max, std::max<size_t>(1, kPairsMax / std::max<size_t>(1, users.items())));
  Neighbours model;
  model.rows_.resize(users.items());
  const auto make = [&] { return RowScratch{.counts = std::vector<float>(users.items(), 0.0F), .touched = {}}; };
  parallel_for(users.items(), threads, make, [&](RowScratch& scratch, size_t item) {
    scratch.touched.clear();
    for (const uint32_t user : by_item[item]) {
      for (const ItemNumber other : users[user]) {
        if (scratch.counts[other] == 0) scratch.touched.push_back(other);
        scratch.counts[other] += of_users[user];
      }
    }
    std::vector<ScoredItem> row;
    row.reserve(scratch.touched.size());
    for (const ItemNumber other : scratch.touched) {
      const float weight = scratch.counts[other] * of_sources[item] * of_targets[other];
      if (other != item && weight > 0) row.push_back({other, std::pow(weight, options.sharpness)});
      scratch.counts[other] = 0;
    }
    keep_best(row, row_max);
    row.shrink_to_fit();
    std::ranges::sort(row, {}, &ScoredItem::item);
    model.rows_[item] = std::move(row);
  });
  return model;
}

size_t Neighbours::pairs() const {
  size_t all = 0;
  for (const auto& row : rows_) all += row.size();
  return all;
}

void Neighbours::save(ByteWriter& out) const {
  std::vector<uint32_t> lengths;
  std::vector<ItemNumber> items;
  std::vector<float> scores;
  for (const std::vector<ScoredItem>& row : rows_) {
    lengths.push_back(static_cast<uint32_t>(row.size()));
    for (const ScoredItem& other : row) {
      items.push_back(other.item);
      scores.push_back(other.score);
    }
  }
  write_numbers(out, lengths);
  write_numbers(out, items);
  write_numbers(out, scores);
}

// Scores are added where an item says: it has to be one.
std::optional<Neighbours> Neighbours::load(ByteReader& in) {
  std::vector<uint32_t> lengths;
  std::vector<ItemNumber> items;
  std::vector<float> scores;
  read_numbers(in, lengths);
  read_numbers(in, items);
  read_numbers(in, scores);
  if (!in.ok() || items.size() != scores.size()) return std::nullopt;
  Neighbours model;
  model.rows_.resize(lengths.size());
  size_t next = 0;
  for (size_t row = 0; row < lengths.size(); ++row) {
    if (lengths[row] > items.size() - next) return std::nullopt;
    for (uint32_t i = 0; i < lengths[row]; ++i, ++next) {
      if (items[next] >= lengths.size()) return std::nullopt;
      model.rows_[row].push_back({items[next], scores[next]});
    }
  }
  return next == items.size() ? std::optional(std::move(model)) : std::nullopt;
}

}  // namespace doorbuster::recs
