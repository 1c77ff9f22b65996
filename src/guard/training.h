// Trains a model on labelled decisions: gradient boosted trees with libxgboost, the same file from the same input.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "guard/evaluation.h"
#include "guard/labelled_decisions.h"

namespace doorbuster::guard {

inline constexpr size_t kWhoMin = 50;  // people, and bots: with fewer a holdout says nothing

struct TrainingOptions {
  uint32_t rounds = 200;
  uint32_t depth = 4;
  uint32_t holdout_percent = 25;
  uint64_t seed = 1;
};

struct Gain {
  std::string feature;
  double share = 0;  // of what all splits together have gained
};

struct Training {
  std::string model;  // the content of its file
  std::string library;
  Classes trained, held_out;
  size_t decisions = 0;
  std::vector<Gain> gains;  // the greatest first
  Evaluation by_model;
  Evaluation by_card;          // on the same holdout; its log loss means nothing, for it tells no probability
  double log_loss_of_mix = 0;  // of somebody who knows nothing but how many bots there are
};

// kInvalid: too few people or bots; kUnavailable: there is no libxgboost.
[[nodiscard]] Result<Training> train(const std::vector<Sample>& samples, const Scorecard& card,
                                     const TrainingOptions& options);

}  // namespace doorbuster::guard
