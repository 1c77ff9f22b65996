#include "recs/evaluation/source_run.h"

#include <algorithm>
#include <cmath>

namespace doorbuster::recs {
namespace {

constexpr size_t kCasesAtOnce = 4'096;

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

}  // namespace

RunReport::RunReport(std::span<const ScoreSource> sources, const Blend& blend, std::span<const uint32_t> popularity)
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
