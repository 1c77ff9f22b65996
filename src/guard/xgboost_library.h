// libxgboost, as far as we use it: loaded when somebody names a model or trains one, and never before, so that a server
// without a model has neither its code nor its threads (OpenMP) in its process.
//
// Its functions are found by name and have the types that its header declares. What goes wrong in it is told by its
// last error, which is of the calling thread.
#pragma once

#include <xgboost/c_api.h>
#include <xgboost/version_config.h>

#include <functional>
#include <memory>
#include <string>

#include "base/result.h"

namespace doorbuster::guard {

class XgboostLibrary {
 public:
  // kUnavailable where there is none, or one of another major version than the header.
  [[nodiscard]] static Result<XgboostLibrary> load();

  [[nodiscard]] const std::string& version() const { return version_; }
  // kInvalid with the library's own words where a call did not return 0.
  [[nodiscard]] Result<void> check(int returned) const;

  decltype(&XGBGetLastError) last_error = nullptr;
  decltype(&XGBoostVersion) tell_version = nullptr;
  decltype(&XGDMatrixCreateFromMat_omp) matrix_create = nullptr;
  decltype(&XGDMatrixSetFloatInfo) matrix_set_floats = nullptr;
  decltype(&XGDMatrixFree) matrix_free = nullptr;
  decltype(&XGBoosterCreate) booster_create = nullptr;
  decltype(&XGBoosterFree) booster_free = nullptr;
  decltype(&XGBoosterSetParam) booster_set = nullptr;
  decltype(&XGBoosterSetStrFeatureInfo) booster_set_texts = nullptr;
  decltype(&XGBoosterGetStrFeatureInfo) booster_texts = nullptr;
  decltype(&XGBoosterSaveJsonConfig) booster_config = nullptr;
  decltype(&XGBoosterUpdateOneIter) booster_update = nullptr;
  decltype(&XGBoosterPredictFromDMatrix) booster_predict = nullptr;
  decltype(&XGBoosterPredictFromDense) booster_predict_in_place = nullptr;
  decltype(&XGBoosterFeatureScore) booster_feature_score = nullptr;
  decltype(&XGBoosterLoadModelFromBuffer) booster_load = nullptr;
  decltype(&XGBoosterSaveModelToBuffer) booster_save = nullptr;

 private:
  std::string version_;
};

// Frees itself.
using Booster = std::unique_ptr<void, decltype(&XGBoosterFree)>;
using Matrix = std::unique_ptr<void, decltype(&XGDMatrixFree)>;

// An empty one, which works on the thread that asks and on no other. For what it is to be trained on, if it is.
[[nodiscard]] Result<Booster> make_booster(const XgboostLibrary& library, DMatrixHandle training = nullptr);

// Runs it on a thread of its own and waits: libxgboost reads models with as many OpenMP threads as there are cores,
// whatever it was told, and they end with the thread that asked.
void on_own_thread(const std::function<void()>& work);

}  // namespace doorbuster::guard
