// Learns a model from what the tables held, and compares it with the one in service.
//
// The last twelfth of the visits (or, where there are none, of all that happened) is the validation. What is compared
// has learnt from nothing of it: the new model is asked before it learns from the last part, too; the old one is asked
// for that only which came after what it was learnt from. Both are asked for the same, of the same tables as they were
// before, by the code that serves (blend_sources.h). Weights are learnt on half of the cases and compared on the rest.
//
// The same data give the same model, whatever the number of threads.
#pragma once

#include <memory>
#include <stop_token>
#include <string>

#include "recs/models/learnt_model.h"
#include "recs/training/training_data.h"

namespace doorbuster::recs {

// A new model may be worse by so much, and by the error of the difference. So many cases are needed of those that it is
// compared in, about.
inline constexpr double kGuardMargin = 0.02;
inline constexpr size_t kGuardCasesMin = 200;

struct TrainingOptions {
  uint32_t threads = 1;
  uint32_t budget_us = 1'000;  // of what a visit is answered by: session_training.h
  std::stop_token stop = {};
};

enum class TrainingOutcome : uint8_t {
  kBetter,     // or no worse
  kWorse,      // than the one in service
  kTooLittle,  // has happened to say
  kStopped
};

struct TrainedModel {
  TrainingOutcome outcome = TrainingOutcome::kTooLittle;
  std::string reason;                       // why it is not to be served
  std::shared_ptr<LearntModel> model = {};  // where there is one; its version is the caller's to give
  FiguresByKind figures{}, figures_in_service{};
};

[[nodiscard]] TrainedModel train_model(const TrainingData& data, const LearntModel& in_service,
                                       const TrainingOptions& options);

}  // namespace doorbuster::recs
