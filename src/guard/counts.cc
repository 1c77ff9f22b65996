#include "guard/counts.h"

#include <algorithm>
#include <string>

namespace doorbuster::guard {
namespace {

using Named = std::span<const std::string_view>;

// One series for each name, but for the first `skipped`, which are none.
template <class Counts>
void tell_each(ops::Series& series, std::string_view label, Named names, const Counts& counts, size_t skipped) {
  for (size_t i = skipped; i < names.size(); ++i)
    series.add({{label, names[i]}}, counts[i].load(std::memory_order_relaxed));
}

constexpr std::array<std::string_view, 10> kBandNames = {"0.0", "0.1", "0.2", "0.3", "0.4",
                                                         "0.5", "0.6", "0.7", "0.8", "0.9"};

}  // namespace

void Counts::note(const Assessment& assessment, const SignalSet& signals, const Judgement& judgement) {
  add(scores_[std::min<size_t>(assessment.score / kBands, kBands - 1)]);
  for (size_t signal = 1; signal < kSignals; ++signal) {
    if (signals.has(static_cast<Signal>(signal))) add(signals_[signal]);
  }
  add(verdicts_[index(judgement.verdict)]);
  if (judgement.in_shadow != Verdict::kAllow) add(in_shadow_[index(judgement.in_shadow)]);
}

void Counts::add_metrics(ops::Metrics& metrics) const {
  metrics.counters("doorbuster_guard_passed_total", "Requests that were within their rates, by what they would do.",
                   [this](ops::Series& series) {
                     for (size_t action = 0; action < actions_.size(); ++action) {
                       series.add({{"action", platform::kActionNames[action]}},
                                  actions_[action].passed.load(std::memory_order_relaxed));
                     }
                   });
  metrics.counters("doorbuster_guard_refused_total",
                   "Requests over a rate, by what they would do and by whose rate it was. In the mode \"shadow\" they "
                   "passed all the same.",
                   [this](ops::Series& series) {
                     for (size_t action = 0; action < actions_.size(); ++action) {
                       for (size_t whom = 0; whom < kRates; ++whom) {
                         series.add({{"action", platform::kActionNames[action]}, {"rate", kChargedToNames[whom]}},
                                    actions_[action].refused[whom].load(std::memory_order_relaxed));
                       }
                     }
                   });
  metrics.counters(
      "doorbuster_guard_challenges_total",
      "Challenges, by what became of them: given, or none was left; solved, or why a solution was refused; "
      "needed, where a request came without one that has to have one; too_early, where a stranger wanted to join a "
      "draw "
      "long before it.",
      [this](ops::Series& series) { tell_each(series, "result", kChallengeResults, challenges_, 0); });
  metrics.counters("doorbuster_guard_misses_total",
                   "Codes of short links of which nothing was remembered: nobody's, and counted against whoever asked, "
                   "or refused, because they had asked for too many of those. In the mode \"shadow\" they were looked "
                   "for all the same.",
                   [this](ops::Series& series) { tell_each(series, "result", kMissNames, misses_, 0); });
  metrics.counters("doorbuster_guard_scores_total",
                   "Joins and reserves that were scored, by the tenth that the score begins with.",
                   [this](ops::Series& series) { tell_each(series, "band", kBandNames, scores_, 0); });
  metrics.counters("doorbuster_guard_signals_total", "Signals that spoke when a join or reserve was scored.",
                   [this](ops::Series& series) { tell_each(series, "signal", kSignalNames, signals_, 1); });
  metrics.counters("doorbuster_guard_verdicts_total",
                   "Joins and reserves by what the policy does at their score. In the mode \"shadow\" it was not done.",
                   [this](ops::Series& series) { tell_each(series, "verdict", kVerdictNames, verdicts_, 0); });
  metrics.counters("doorbuster_guard_shadow_verdicts_total",
                   "Joins and reserves by the hardest that their score would have brought on them if that verdict were "
                   "not in the shadow.",
                   [this](ops::Series& series) { tell_each(series, "verdict", kVerdictNames, in_shadow_, 1); });
  metrics.counter("doorbuster_guard_countries_refused_total",
                  "Joins and reserves from countries that the sale is not for. In the mode \"shadow\" they passed all "
                  "the same.",
                  [this] { return static_cast<double>(countries_refused_.load(std::memory_order_relaxed)); });
}

}  // namespace doorbuster::guard
