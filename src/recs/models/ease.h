// EASE: the linear model that predicts each item of a user from all of the others, in closed form (Steck:
// "Embarrassingly Shallow Autoencoders for Sparse Data", WWW 2019), with three additions:
//   - a user with n items weighs n^-user_power (heavy users say less with each item);
//   - the diagonal of the Gram matrix is made larger by dropout / (1 - dropout) of itself, which is what training on
//     randomly dropped items amounts to (Steck: "Autoencoders that don't overfit towards the Identity", NeurIPS 2020);
//   - predictions of an item are divided by (how many users it has) ^ column_power.
//
// Nothing is kept of users: a recommendation folds in whatever history it is asked with. Training takes items^2 * 4
// bytes and items^3 multiplications, so it is for catalogues, or categories, of up to kItemsMax.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "recs/models/interactions.h"
#include "recs/models/linear_algebra.h"

namespace doorbuster::recs {

struct EaseOptions {
  float l2 = 100;  // added to the diagonal; relative to users of weight 1
  float dropout = 0.3F;
  float user_power = 0.5F;
  float column_power = 0;
  bool operator==(const EaseOptions&) const = default;
};

class Ease {
 public:
  static constexpr size_t kItemsMax = 10'000;
  static constexpr size_t kHistoryMax = 1'000;  // the newest items of a user

  // `weights` of the users multiply what user_power gives; none: all 1. kLimit if there are too many items, kInvalid if
  // the numbers don't allow an inverse.
  [[nodiscard]] static Result<Ease> train(const Interactions& users, std::span<const float> weights,
                                          const EaseOptions& options, const LinearAlgebra& algebra);

  [[nodiscard]] size_t items() const { return items_; }
  [[nodiscard]] size_t bytes() const { return weights_.size() * sizeof(float); }
  // Adds `factor` times what one item of a history says of all items.
  void add_scores(ItemNumber item, float factor, std::span<float> scores) const;
  [[nodiscard]] std::span<const float> row(ItemNumber item) const {
    return std::span(weights_).subspan(size_t{item} * items_, items_);
  }

  void save(ByteWriter& out) const;
  // Nothing if what was saved is none.
  [[nodiscard]] static std::optional<Ease> load(ByteReader& in);

 private:
  size_t items_ = 0;
  std::vector<float> weights_;  // by item of the history, by item recommended
};

// X^T W X of users that weigh n^-user_power times `weights`: the symmetric whole of it, items x items.
[[nodiscard]] std::vector<float> weighted_gram(const Interactions& users, std::span<const float> weights,
                                               float user_power);

}  // namespace doorbuster::recs
