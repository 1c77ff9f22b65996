// Scores for items that nobody has had to do with yet: what the items with the most similar words (and attributes)
// score for the same basket or history, the more alike the more. An item like one that is in the basket itself counts
// as if that one scored `direct`, where the best of all scores 1.
#pragma once

#include <span>
#include <vector>

#include "recs/models/item.h"

namespace doorbuster::recs {

struct ColdStartOptions {
  float sharpness = 2;  // of likeness: a neighbour's weight is likeness ^ sharpness
  float direct = 1;
  float shrink =
      1;  // the sum is divided by (shrink + sum of weights): one neighbour that is little alike proves little
  bool operator==(const ColdStartOptions&) const = default;
};

class ColdItem {
 public:
  // The likeness of its neighbours, of which none is new itself.
  ColdItem(std::vector<ScoredItem> alike, const ColdStartOptions& options);

  // `scores`: of all known items, by a model, 1 at most; those of the basket are 0, and `is_given` says which they are.
  [[nodiscard]] float score(std::span<const float> scores, std::span<const bool> is_given) const;

 private:
  ColdStartOptions options_;
  std::vector<ScoredItem> weights_;
  float divisor_ = 1;
};

}  // namespace doorbuster::recs
