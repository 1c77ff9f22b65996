// doorbuster recs evaluate: what the serving models reach on data of one's own, measured offline. One function a task;
// each returns one JSON object. Whatever can be chosen is chosen on a validation part that is cut from the training
// data by time; the test is looked at once, at the end. The same input gives the same output, whatever the number of
// threads, but for seconds, microseconds and memory.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"

namespace doorbuster::recs {

struct EvaluationOptions {
  std::string train;
  std::string test;            // sessions and taste
  std::string attributes;      // of items, for sequence; may be empty
  std::string split;           // baskets: what comes on this day (YYYY-MM-DD) or later is the test
  uint32_t budget_us = 1'000;  // the median time that one recommendation may take, which decides what takes part in it
  uint32_t threads = 2;
};

[[nodiscard]] Result<std::string> evaluate_sessions(const EvaluationOptions& options);
[[nodiscard]] Result<std::string> evaluate_taste(const EvaluationOptions& options);
[[nodiscard]] Result<std::string> evaluate_sequence(const EvaluationOptions& options);
[[nodiscard]] Result<std::string> evaluate_baskets(const EvaluationOptions& options);

}  // namespace doorbuster::recs
