// The tables as they were at an earlier time, made anew from what is known to have happened before it.
#pragma once

#include <memory>

#include "recs/models/blend_sources.h"
#include "recs/models/co_occurrence.h"
#include "recs/models/interactions.h"
#include "recs/training/training_data.h"

namespace doorbuster::recs {

// For models of taste: what there was of each history, each item once.
[[nodiscard]] Interactions histories_before(const TrainingData& data, uint32_t time);

class KnownBefore {
 public:
  // What happened before `time`, in seconds, and the visits that began before it.
  KnownBefore(const TrainingData& data, uint32_t time, const std::stop_token& stop);

  [[nodiscard]] KnownEvents events() const;

 private:
  void add_history(const TrainingData& data, size_t history, uint32_t time);

  SessionIndex visits_;
  std::array<std::unique_ptr<CoOccurrence>, kPairKinds> pairs_;
  std::vector<uint64_t> popularity_;
  std::vector<ItemNumber> popular_;
};

}  // namespace doorbuster::recs
