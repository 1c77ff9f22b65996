// What follows what in histories: directed co-occurrence that decays with the distance.
//
//   count(x, y) = sum over users of n^-user_power * (decay^(distance - 1) where y came after x,
//                                                    backward * decay^(distance - 1) where it came before)
//   weight(x, y) = count(x, y) / (|x|^source_power * |y|^target_power)
//
// The distance is at most kDistanceMax. A history is scored by its newest items, each decay times as much as the one
// after it. Rows keep their best `row_max`, 8 bytes each.
#pragma once

#include <span>
#include <vector>

#include "recs/models/interactions.h"

namespace doorbuster::recs {

struct FollowerOptions {
  float decay = 0.8F;
  float history_decay = 0.8F;
  float backward = 0.5F;
  float user_power = 0;
  float source_power = 0.5F;
  float target_power = 0.5F;
  size_t row_max = 500;
  bool operator==(const FollowerOptions&) const = default;
};

class Followers {
 public:
  static constexpr size_t kDistanceMax = 20;
  static constexpr size_t kPairsMax = 20'000'000;  // of all rows: those of large catalogues are shorter
  static constexpr size_t kHistoryMax = 1'000;     // the newest items of a user, to learn from
  static constexpr size_t kScoredMax = 50;         // and to recommend for

  [[nodiscard]] static Followers train(const Interactions& users, const FollowerOptions& options, uint32_t threads);

  [[nodiscard]] std::span<const ScoredItem> row(ItemNumber item) const {
    return item < rows_.size() ? std::span<const ScoredItem>(rows_[item]) : std::span<const ScoredItem>();
  }
  // For a history, the oldest first.
  void add_scores(std::span<const ItemNumber> history, std::span<float> scores) const;

 private:
  FollowerOptions options_;
  std::vector<std::vector<ScoredItem>> rows_;
};

}  // namespace doorbuster::recs
