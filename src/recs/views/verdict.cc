#include "recs/views/verdict.h"

#include <algorithm>

namespace doorbuster::recs {
namespace {

constexpr double kRelativeWorthFinding = 0.1;
// The mixture is over differences of about one in a hundred visitors: the test is the quickest for such, and holds for
// all. Fixed beforehand, as a test that holds at every look has to be.
constexpr double kTypical = 0.01;

bool is_enough(const Rate& rate) {
  return rate.of >= kVisitorsOfVerdictMin && rate.hits >= kHitsMin && rate.of - rate.hits >= kHitsMin;
}

Comparison compare_preferences(const ExperimentCounts& counts) {
  const uint64_t wins_a = counts.variants()[0].wins;
  const uint64_t wins_b = counts.variants()[1].wins;
  Comparison comparison{
      .variant = 1, .sample = wins_a + wins_b, .sample_needed = sample_needed(0.5, kRelativeWorthFinding)};
  const auto tested = beta_binomial_sprt(wins_a, wins_b, kSignificance);
  if (!tested) return comparison;
  comparison.tested = *tested;
  comparison.is_known = true;
  comparison.is_significant = comparison.sample >= kPreferencesMin && tested->p_value < kSignificance;
  return comparison;
}

Comparison compare_rates(const Experiment& experiment, const ExperimentCounts& counts, size_t variant) {
  const Rate a = rate_of(experiment.metric, counts.variants().front());
  const Rate b = rate_of(experiment.metric, counts.variants()[variant]);
  const double rate = a.of == 0 ? 0 : static_cast<double>(a.hits) / static_cast<double>(a.of);
  Comparison comparison{
      .variant = variant, .sample = std::min(a.of, b.of), .sample_needed = sample_needed(rate, kRelativeWorthFinding)};
  const double significance = kSignificance / static_cast<double>(experiment.variants.size() - 1);
  const auto tested =
      mixture_sprt({.hits_a = a.hits, .of_a = a.of, .hits_b = b.hits, .of_b = b.of}, kTypical, significance);
  if (!tested) return comparison;
  comparison.tested = *tested;
  comparison.is_known = true;
  comparison.is_significant = is_enough(a) && is_enough(b) && tested->p_value < significance;
  return comparison;
}

std::optional<double> sample_ratio_of(const Experiment& experiment, const ExperimentCounts& counts) {
  if (experiment.kind == ExperimentKind::kInterleave) return std::nullopt;
  std::vector<uint64_t> visitors;
  std::vector<double> shares;
  for (size_t variant = 0; variant < experiment.variants.size(); ++variant) {
    const VariantCounts& each = counts.variants()[variant];
    visitors.push_back(experiment.metric == Metric::kClicks ? each.exposed : each.visitors);
    shares.push_back(experiment.variants[variant].share);
  }
  return goodness_of_fit(visitors, shares);
}

bool has_enough(const Experiment& experiment, const ExperimentCounts& counts) {
  if (experiment.kind == ExperimentKind::kInterleave)
    return counts.variants()[0].wins + counts.variants()[1].wins >= kPreferencesMin;
  return std::ranges::all_of(counts.variants(),
                             [&](const VariantCounts& each) { return is_enough(rate_of(experiment.metric, each)); });
}

// The first, or of those that are better than it the one that is the most.
std::optional<size_t> better_of(const std::vector<Comparison>& comparisons) {
  std::optional<size_t> better;
  double most = 0;
  for (const Comparison& each : comparisons) {
    if (!each.is_significant || each.tested.difference.value <= most) continue;
    better = each.variant;
    most = each.tested.difference.value;
  }
  const bool is_first = std::ranges::all_of(
      comparisons, [](const Comparison& each) { return each.is_significant && each.tested.difference.value < 0; });
  return is_first ? std::optional<size_t>(0) : better;
}

}  // namespace

Rate rate_of(Metric metric, const VariantCounts& counts) {
  if (metric == Metric::kPurchases) return {.hits = counts.bought, .of = counts.visitors};
  return {.hits = counts.clicked, .of = counts.exposed};
}

Verdict verdict_of(const Experiment& experiment, const ExperimentCounts& counts) {
  ASSERT(counts.variants().size() == experiment.variants.size());
  Verdict verdict;
  const bool is_interleaving = experiment.kind == ExperimentKind::kInterleave;
  verdict.test = is_interleaving ? "beta-binomial-sprt" : "mixture-sprt";
  for (size_t variant = 1; variant < experiment.variants.size(); ++variant) {
    verdict.comparisons.push_back(is_interleaving ? compare_preferences(counts)
                                                  : compare_rates(experiment, counts, variant));
  }
  verdict.sample_ratio = sample_ratio_of(experiment, counts);
  if (verdict.sample_ratio && *verdict.sample_ratio < kMismatchBelow) {
    verdict.state = VerdictState::kMismatch;
    return verdict;
  }
  verdict.variant = better_of(verdict.comparisons);
  if (verdict.variant)
    verdict.state = VerdictState::kDecided;
  else if (has_enough(experiment, counts))
    verdict.state = VerdictState::kUndecided;
  return verdict;
}

std::string text_of(const Verdict& verdict, const Experiment& experiment) {
  switch (verdict.state) {
    case VerdictState::kMismatch:
      return "Visitors are not split as the shares say, which chance alone does once in a thousand times: find out why "
             "before believing any difference.";
    case VerdictState::kTooEarly:
      return experiment.kind == ExperimentKind::kInterleave
                 ? "It is too early: there are fewer than 20 answers in which one of the two was preferred."
                 : "It is too early: each variant needs 100 visitors, 10 of whom do it and 10 of whom do not.";
    case VerdictState::kUndecided:
      return "No difference is shown so far.";
    case VerdictState::kDecided:
      break;
  }
  return "\"" + experiment.variants[*verdict.variant].name +
         "\" is better, whenever one looks, but for a chance of 5 %.";
}

}  // namespace doorbuster::recs
