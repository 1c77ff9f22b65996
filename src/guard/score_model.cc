#include "guard/score_model.h"

#include "guard/xgboost_model.h"

namespace doorbuster::guard {

Result<std::unique_ptr<const ScoreModel>> model_of(const Policy& policy) {
  if (policy.model.empty()) return std::make_unique<CardModel>();
  return TRY(XgboostModel::load(policy.model));
}

}  // namespace doorbuster::guard
