// What makes a score of what speaks for and against somebody: the card, which a person can read, or a model that was
// trained on an operator's own decisions (xgboost_model.h). The policy says which.
//
// The reasons are the card's in either case: the heaviest of its signals that spoke. What a model itself has weighed
// costs more to work out than a request may (docs/decisions/0081-a-model-behind-the-score.md).
#pragma once

#include <memory>

#include "base/result.h"
#include "guard/features.h"
#include "guard/policy.h"
#include "guard/scorecard.h"

namespace doorbuster::guard {

struct Evidence {
  SignalSet signals;  // that spoke, of those that have points
  Features features;
};

class ScoreModel {
 public:
  virtual ~ScoreModel() = default;

  // On any thread; never blocks.
  [[nodiscard]] virtual Score score(const Evidence& evidence, const Scorecard& card) const = 0;
};

class CardModel final : public ScoreModel {
 public:
  [[nodiscard]] Score score(const Evidence& evidence, const Scorecard& card) const override {
    return score_of(evidence.signals, card);
  }
};

// The one that the policy names. kInvalid says why its file can't be used.
[[nodiscard]] Result<std::unique_ptr<const ScoreModel>> model_of(const Policy& policy);

}  // namespace doorbuster::guard
