// What models are learnt from: a copy of the visits and histories that the tables held.
#pragma once

#include <cstdint>
#include <vector>

#include "recs/models/pair_counts.h"
#include "recs/models/timed_sessions.h"

namespace doorbuster::recs {

struct TrainingData {
  size_t items = 0;      // of the catalogue: their numbers are below
  TimedSessions visits;  // in order of when they began, in seconds since 1970
  // What users did, and in sessions those whom nobody knows; of each in order of time.
  ItemLists histories;
  std::vector<uint32_t> times;  // of the histories' items, in seconds since 1970
  std::vector<BasketEvent> kinds;

  // The newest of it; 0 if there is none.
  [[nodiscard]] uint32_t until() const;
};

}  // namespace doorbuster::recs
