// What a model was trained on, how well it did on decisions that it had not seen, and what it is not good for: the page
// that goes with its file.
#pragma once

#include <string>

#include "guard/labelled_decisions.h"
#include "guard/training.h"

namespace doorbuster::guard {

struct CardOptions {
  std::string model;        // its file's name
  std::string logs;         // as they were named
  std::string labels;       // the same
  std::string labels_from;  // who says so, and how they know
  std::string policy;       // whose points and thresholds it is compared with
  TrainingOptions training;
};

// In Markdown. The same for the same training.
[[nodiscard]] std::string write_model_card(const CardOptions& options, const Labels& labels,
                                           const LabelledDecisions& decisions, const Training& training);

}  // namespace doorbuster::guard
