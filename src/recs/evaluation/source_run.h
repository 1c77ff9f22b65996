// What is told of sources of recommendations that were run over cases whose answer is known: each source alone, and
// their blend. The same for all tasks that rank a catalogue of items for users, histories or baskets.
#pragma once

#include <span>
#include <vector>

#include "base/json_writer.h"
#include "recs/evaluation/measured.h"
#include "recs/evaluation/metrics.h"
#include "recs/models/score_sources.h"

namespace doorbuster::recs {

// What each source and their blend reach over cases: all of them are run, some thousands at a time.
class RunReport {
 public:
  RunReport(std::span<const ScoreSource> sources, const Blend& blend, std::span<const uint32_t> popularity);
  void run(std::span<const RecommendationCase> cases, const RunOptions& options);
  // Members of the object that is open: the blend's metrics, "weights", "single_sources", and how many times the hit
  // rate of each source the blend's is; and what it cost: `seconds` since the run began.
  void write(JsonWriter& json, double seconds) const;

 private:
  void add(const SourceRun& run);

  std::span<const ScoreSource> sources_;
  const Blend& blend_;
  Metrics of_blend_;
  Durations of_lists_;  // of the sources that take part, and of blending
  std::vector<Metrics> of_sources_;
  std::vector<Durations> durations_;
};

}  // namespace doorbuster::recs
