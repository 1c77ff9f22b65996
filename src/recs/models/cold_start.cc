#include "recs/models/cold_start.h"

#include <cmath>

namespace doorbuster::recs {

ColdItem::ColdItem(std::vector<ScoredItem> alike, const ColdStartOptions& options)
    : options_(options), weights_(std::move(alike)) {
  float sum = 0;
  for (ScoredItem& item : weights_) {
    item.score = std::pow(item.score, options.sharpness);
    sum += item.score;
  }
  divisor_ = options.shrink + sum;
}

float ColdItem::score(std::span<const float> scores, std::span<const bool> is_given) const {
  float sum = 0;
  for (const ScoredItem& item : weights_) {
    if (item.item < scores.size()) sum += item.score * (is_given[item.item] ? options_.direct : scores[item.item]);
  }
  return sum / divisor_;
}

}  // namespace doorbuster::recs
