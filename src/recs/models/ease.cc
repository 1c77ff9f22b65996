#include "recs/models/ease.h"

#include <algorithm>
#include <cmath>

#include "base/assert.h"
#include "recs/models/model_bytes.h"

namespace doorbuster::recs {
namespace {

void regularize(std::span<float> gram, size_t items, const EaseOptions& options) {
  const float kept = 1 + options.dropout / (1 - options.dropout);
  for (size_t i = 0; i < items; ++i) gram[i * items + i] = gram[i * items + i] * kept + options.l2;
}

// B = I - P / diag(P), by columns, whose diagonal is 0.
void to_weights(std::span<float> inverse, std::span<const uint32_t> popularity, float column_power) {
  const size_t items = popularity.size();
  std::vector<float> factors(items);
  for (size_t i = 0; i < items; ++i) {
    const float correction = std::pow(1 + static_cast<float>(popularity[i]), -column_power);
    factors[i] = -correction / inverse[i * items + i];
  }
  for (size_t row = 0; row < items; ++row) {
    const std::span<float> weights = inverse.subspan(row * items, items);
    for (size_t i = 0; i < items; ++i) weights[i] *= factors[i];
    weights[row] = 0;
  }
}

}  // namespace

std::vector<float> weighted_gram(const Interactions& users, std::span<const float> weights, float user_power) {
  const size_t items = users.items();
  std::vector<float> gram(items * items, 0.0F);
  for (size_t user = 0; user < users.users(); ++user) {
    std::span<const ItemNumber> list = users[user];
    if (list.size() > Ease::kHistoryMax) list = list.last(Ease::kHistoryMax);
    if (list.empty()) continue;
    const float weight =
        (weights.empty() ? 1.0F : weights[user]) * std::pow(static_cast<float>(list.size()), -user_power);
    for (const ItemNumber one : list) {
      float* const row = gram.data() + size_t{one} * items;
      for (const ItemNumber other : list) row[other] += weight;
    }
  }
  return gram;
}

Result<Ease> Ease::train(const Interactions& users, std::span<const float> weights, const EaseOptions& options,
                         const LinearAlgebra& algebra) {
  ASSERT(weights.empty() || weights.size() == users.users());
  ASSERT(options.l2 > 0 && options.dropout >= 0 && options.dropout < 1);
  if (users.items() > kItemsMax) {
    return fail(ErrorCode::kLimit, "EASE is for up to " + std::to_string(kItemsMax) + " items");
  }
  Ease model;
  model.items_ = users.items();
  model.weights_ = weighted_gram(users, weights, options.user_power);
  regularize(model.weights_, model.items_, options);
  if (!algebra.invert(model.weights_, model.items_)) {
    return fail(ErrorCode::kInvalid, "the items' Gram matrix can't be inverted: a larger l2 is needed");
  }
  to_weights(model.weights_, users.popularity(), options.column_power);
  return model;
}

void Ease::save(ByteWriter& out) const {
  out.integer(uint64_t{items_});
  write_numbers(out, weights_);
}

std::optional<Ease> Ease::load(ByteReader& in) {
  Ease model;
  model.items_ = static_cast<size_t>(in.integer<uint64_t>());
  read_numbers(in, model.weights_);
  if (!in.ok() || model.items_ > kItemsMax || model.weights_.size() != model.items_ * model.items_) return std::nullopt;
  return model;
}

void Ease::add_scores(ItemNumber item, float factor, std::span<float> scores) const {
  if (item >= items_) return;
  ASSERT(scores.size() >= items_);
  const std::span<const float> weights = row(item);
  for (size_t i = 0; i < items_; ++i) scores[i] += factor * weights[i];
}

}  // namespace doorbuster::recs
