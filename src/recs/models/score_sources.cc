#include "recs/models/score_sources.h"

#include <algorithm>
#include <chrono>

#include "base/assert.h"
#include "recs/models/best_of.h"
#include "recs/models/parallel_for.h"

namespace doorbuster::recs {
namespace {

// For how long it has lived.
class RunClock {
 public:
  [[nodiscard]] double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

// As it would be answered: the best of those that may be recommended.
Candidates best_candidates(const RecommendationCase& one, std::span<float> scores) {
  for (const ItemNumber item : one.given) {
    if (item < scores.size()) scores[item] = 0;
  }
  BestOf best(kCandidates);
  for (size_t item = 0; item < scores.size(); ++item) {
    if (scores[item] > 0) best.offer({static_cast<ItemNumber>(item), scores[item]});
  }
  return std::move(best).sorted();
}

// Calls done(place, candidates, seconds) of each case.
template <class Done>
void run_together(const ScoreSource& source, std::span<const RecommendationCase> cases, size_t items,
                  std::vector<float>& scores, Done&& done) {
  const bool are_together = source.add_scores_of_all != nullptr;
  const size_t needed = are_together ? cases.size() * items : items;
  if (scores.size() < needed) scores.resize(needed);
  double seconds = 0;
  if (are_together) {
    const RunClock watch;
    const std::span<float> all = std::span(scores).first(needed);
    std::ranges::fill(all, 0.0F);
    source.add_scores_of_all(cases, all);
    seconds = watch.seconds() / static_cast<double>(cases.size());
  }
  for (size_t i = 0; i < cases.size(); ++i) {
    const RunClock watch;
    const std::span<float> of_case = std::span(scores).subspan(are_together ? i * items : 0, items);
    if (!are_together) {
      std::ranges::fill(of_case, 0.0F);
      source.add_scores(cases[i], of_case);
    }
    Candidates candidates = best_candidates(cases[i], of_case);
    normalize(candidates);
    done(i, std::move(candidates), seconds + watch.seconds());
  }
}

}  // namespace

SourceRun run_sources(std::span<const ScoreSource> sources, std::span<const RecommendationCase> cases,
                      const RunOptions& options) {
  SourceRun run;
  run.cases.resize(cases.size());
  run.seconds.assign(sources.size(), std::vector<double>(cases.size()));
  const auto make = [&] { return std::vector<float>(); };
  const size_t parts = (cases.size() + kCasesTogether - 1) / kCasesTogether;
  parallel_for(
      parts, options.threads, make,
      [&](std::vector<float>& scores, size_t part) {
        const size_t first = part * kCasesTogether;
        const auto together = cases.subspan(first, std::min(kCasesTogether, cases.size() - first));
        for (size_t i = 0; i < together.size(); ++i) run.cases[first + i].wanted = together[i].wanted;
        for (size_t source = 0; source < sources.size(); ++source) {
          run_together(sources[source], together, options.items, scores,
                       [&](size_t i, Candidates&& found, double seconds) {
                         run.seconds[source][first + i] = seconds;
                         run.cases[first + i].by_source.push_back(std::move(found));
                       });
        }
      },
      1);
  return run;
}

double value_of_source(const ScoreSource& source, std::span<const RecommendationCase> cases,
                       const RunOptions& options) {
  return Blend({1}).value(run_sources({&source, 1}, cases, options).cases, options.items);
}

}  // namespace doorbuster::recs
