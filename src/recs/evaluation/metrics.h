// How good lists of recommendations are, at 10 and at 20: ranks over all items, nobody left out.
//
// Hit rate: the share of cases with a wanted item among the first K (P@K in papers on sessions, where one item is
// wanted). MRR: the mean of 1/rank of the first wanted item, 0 behind K. Recall: wanted items found of those that K can
// hold, |found|/min(K, |wanted|). NDCG: the gains 1/log2(1 + rank) of those found, over the same sum of the best
// possible list. Coverage: the share of the catalogue's items that stand in any list. Popularity bias: the mean number
// of events that recommended items had in training, over the mean number that wanted items had; 1 shows people what is
// as popular as what they look for, 3 what is three times as popular.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "base/json_writer.h"
#include "recs/models/item.h"

namespace doorbuster::recs {

inline constexpr std::array<size_t, 2> kCutoffs = {10, 20};
inline constexpr size_t kCutoffMax = kCutoffs.back();

struct MetricsAt {
  size_t cutoff = 0;
  double hit_rate = 0, mrr = 0, recall = 0, ndcg = 0, coverage = 0, popularity_bias = 0;
};

class Metrics {
 public:
  // How often each item of the catalogue was in training.
  explicit Metrics(std::span<const uint32_t> popularity);

  // One case: what was recommended, the best first (what stands behind kCutoffMax is not looked at), and what was
  // wanted: at least one item, none twice. An item that is not in the catalogue can't be found, and counts as a miss.
  void add(std::span<const ItemNumber> recommended, std::span<const ItemNumber> wanted);

  [[nodiscard]] uint64_t cases() const { return cases_; }
  [[nodiscard]] MetricsAt at(size_t cutoff) const;

 private:
  struct Sums {
    double hits = 0, reciprocal_ranks = 0, recall = 0, ndcg = 0;
    uint64_t recommended = 0, recommended_popularity = 0;
    std::vector<bool> covered;
  };
  void add_at(size_t cutoff, Sums& sums, std::span<const ItemNumber> recommended, std::span<const ItemNumber> wanted);

  std::span<const uint32_t> popularity_;
  std::array<Sums, kCutoffs.size()> sums_;
  uint64_t cases_ = 0, wanted_ = 0, wanted_popularity_ = 0;
};

// Rounded: six digits behind the point are more than any test set can tell.
[[nodiscard]] double six_digits(double number);

// {"hit_rate@10": ..., "mrr@10": ..., ...} as members of the object that is open.
void write_metrics(JsonWriter& json, const Metrics& metrics);

}  // namespace doorbuster::recs
