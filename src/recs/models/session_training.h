// Learns how much the sources of a session's candidates are worth, from sessions in order of time: an index of the
// earlier ones is asked for what came next in the later ones, as it will be when it serves. What a recommendation is
// learnt from was not in the index when that was asked.
//
// Variants of the model are compared on the last part of the sessions; the best of those that the budget allows is
// learnt again from both last parts. Which one the budget allows is told by the work that they do, counted, not by a
// clock: the same sessions give the same model, to the last digit, whatever the number of threads.
#pragma once

#include <cstdint>
#include <stop_token>
#include <string>
#include <vector>

#include "recs/models/session_lists.h"
#include "recs/models/session_model.h"

namespace doorbuster::recs {

struct SessionTraining {
  size_t items = 0;  // of the catalogue
  uint32_t budget_us = 1'000;
  uint32_t threads = 2;
  uint32_t embedding_epochs = 12, ranking_epochs = 8;
  std::stop_token stop = {};  // ends it early, with something of no use
};

struct SessionVariant {
  std::string name;
  SessionModelOptions options;
  bool is_learnt = true;
  bool has_embeddings = false;
};

// On validation, at 20.
struct SessionVariantResult {
  SessionVariant variant;
  double hit_rate = 0, mrr = 0;
  double us_by_work = 0;
};

struct TrainedSessions {
  SessionModel model;
  SessionModel trial;  // the same before it has learnt from the last part, on which it was compared
  std::vector<SessionVariantResult> tried;
  size_t chosen = 0;           // of those
  size_t lists = 0;            // that the model has learnt from
  size_t validation_size = 0;  // prefixes
};

// With which session the last part begins, of so many.
[[nodiscard]] size_t last_part_of(size_t sessions);

[[nodiscard]] TrainedSessions train_sessions(const TimedSessions& sessions, const SessionTraining& training);

}  // namespace doorbuster::recs
