// Sources of recommendations that score a whole catalogue, run over cases whose answer is known. What is chosen for
// them is chosen by this, offline and in the server.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "recs/models/blend.h"

namespace doorbuster::recs {

// What is known, and what is to be found.
struct RecommendationCase {
  std::vector<ItemNumber> given;  // the basket or history that is recommended for, the oldest first; never recommended
  std::vector<ItemNumber> history;  // of the user before that, the oldest first; may be recommended
  std::vector<ItemNumber> wanted;
};

struct ScoreSource {
  std::string name;
  // Adds to scores that are all 0; what stays at 0 or below is not recommended. From several threads at once.
  std::function<void(const RecommendationCase&, std::span<float>)> add_scores;
  // The same for several cases, whose scores lie behind each other; none where one after the other is as quick.
  std::function<void(std::span<const RecommendationCase>, std::span<float>)> add_scores_of_all = {};
};

struct SourceRun {
  std::vector<Blend::Case> cases;            // by case; the candidates of each source
  std::vector<std::vector<double>> seconds;  // by source and case
};

// So many cases are handed to a source at once.
inline constexpr size_t kCasesTogether = 16;

struct RunOptions {
  size_t items = 0;
  uint32_t threads = 1;
};

// How many candidates of each source the blend looks at.
inline constexpr size_t kCandidates = 200;

[[nodiscard]] SourceRun run_sources(std::span<const ScoreSource> sources, std::span<const RecommendationCase> cases,
                                    const RunOptions& options);
// What Blend::learn() makes large, of one source alone.
[[nodiscard]] double value_of_source(const ScoreSource& source, std::span<const RecommendationCase> cases,
                                     const RunOptions& options);
// The best of the options that differ from `start` in one thing, and so on from there: `variants` are lists of changes,
// each of which is tried in turn. Which is the best depends on the values alone, not on time.
template <class Options>
Options tuned(const Options& start, std::span<const std::vector<std::function<void(Options&)>>> variants, int rounds,
              const std::function<double(const Options&)>& value) {
  Options best = start;
  double best_value = value(start);
  bool is_better = true;
  for (int round = 0; is_better && round < rounds; ++round) {
    is_better = false;
    for (const auto& axis : variants) {
      const Options base = best;
      for (const auto& change : axis) {
        Options other = base;
        change(other);
        if (other == base) continue;
        const double other_value = value(other);
        if (other_value <= best_value) continue;
        best = other;
        best_value = other_value;
        is_better = true;
      }
    }
  }
  return best;
}

}  // namespace doorbuster::recs
