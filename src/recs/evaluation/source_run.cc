#include "recs/evaluation/source_run.h"

#include <algorithm>
#include <cmath>

#include "base/assert.h"
#include "recs/models/best_of.h"
#include "recs/models/parallel_for.h"

namespace doorbuster::recs {
namespace {

constexpr size_t kCasesAtOnce = 4'096;

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

std::vector<ItemNumber> items_of(std::span<const ScoredItem> candidates) {
  std::vector<ItemNumber> items;
  for (const ScoredItem& one : candidates.first(std::min(candidates.size(), kCutoffMax))) items.push_back(one.item);
  return items;
}

double to_thousandths(double number) { return std::round(number * 1e3) / 1e3; }

void write_source(JsonWriter& json, const Metrics& metrics, const Durations& durations) {
  json.begin_object();
  write_metrics(json, metrics);
  json.member("us_median", to_thousandths(durations.micros_at(0.5)));
  json.member("us_p99", to_thousandths(durations.micros_at(0.99)));
  json.end_object();
}

// Calls done(place, candidates, seconds) of each case.
template <class Done>
void run_together(const Source& source, std::span<const RecommendationCase> cases, size_t items,
                  std::vector<float>& scores, Done&& done) {
  const bool are_together = source.add_scores_of_all != nullptr;
  const size_t needed = are_together ? cases.size() * items : items;
  if (scores.size() < needed) scores.resize(needed);
  double seconds = 0;
  if (are_together) {
    const Stopwatch watch;
    const std::span<float> all = std::span(scores).first(needed);
    std::ranges::fill(all, 0.0F);
    source.add_scores_of_all(cases, all);
    seconds = watch.seconds() / static_cast<double>(cases.size());
  }
  for (size_t i = 0; i < cases.size(); ++i) {
    const Stopwatch watch;
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

SourceRun run_sources(std::span<const Source> sources, std::span<const RecommendationCase> cases,
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

double value_of_source(const Source& source, std::span<const RecommendationCase> cases, const RunOptions& options) {
  return Blend({1}).value(run_sources({&source, 1}, cases, options).cases, options.items);
}

RunReport::RunReport(std::span<const Source> sources, const Blend& blend, std::span<const uint32_t> popularity)
    : sources_(sources),
      blend_(blend),
      of_blend_(popularity),
      of_sources_(sources.size(), Metrics(popularity)),
      durations_(sources.size()) {}

void RunReport::run(std::span<const RecommendationCase> cases, const RunOptions& options) {
  for (size_t begin = 0; begin < cases.size(); begin += kCasesAtOnce) {
    add(run_sources(sources_, cases.subspan(begin, std::min(kCasesAtOnce, cases.size() - begin)), options));
  }
}

void RunReport::add(const SourceRun& run) {
  for (size_t i = 0; i < run.cases.size(); ++i) {
    const Blend::Case& one = run.cases[i];
    const Stopwatch watch;
    const Candidates list = blend_.combine(one.by_source, kCutoffMax);
    double seconds = watch.seconds();
    of_blend_.add(items_of(list), one.wanted);
    for (size_t source = 0; source < sources_.size(); ++source) {
      of_sources_[source].add(items_of(one.by_source[source]), one.wanted);
      durations_[source].add(run.seconds[source][i]);
      if (blend_.weights()[source] > 0) seconds += run.seconds[source][i];
    }
    of_lists_.add(seconds);
  }
}

void RunReport::write(JsonWriter& json, double seconds) const {
  write_metrics(json, of_blend_);
  json.key("weights").begin_object();
  for (size_t i = 0; i < sources_.size(); ++i) {
    json.dynamic_key(sources_[i].name).value(to_thousandths(static_cast<double>(blend_.weights()[i])));
  }
  json.end_object();
  json.key("single_sources").begin_object();
  for (size_t i = 0; i < sources_.size(); ++i) {
    json.dynamic_key(sources_[i].name);
    write_source(json, of_sources_[i], durations_[i]);
  }
  json.end_object();
  json.key("hit_rate@20_over_that_of").begin_object();
  for (size_t i = 0; i < sources_.size(); ++i) {
    const double alone = of_sources_[i].at(kCutoffMax).hit_rate;
    if (alone > 0) json.dynamic_key(sources_[i].name).value(to_thousandths(of_blend_.at(kCutoffMax).hit_rate / alone));
  }
  json.end_object();
  write_costs(json, of_lists_, seconds);
}

}  // namespace doorbuster::recs
