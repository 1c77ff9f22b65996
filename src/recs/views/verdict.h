// Which variant of an experiment is better, if that can be said: by tests that hold however often one looks
// (statistics.h), and not at all where the visitors are not split as they should be.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "recs/views/experiment_counts.h"

namespace doorbuster::recs {

inline constexpr double kSignificance = 0.05;  // of all comparisons together
// Below it visitors are not split as the shares say, and nothing is believed (Fabijan et al., "Diagnosing sample ratio
// mismatch in online controlled experiments", KDD 2019).
inline constexpr double kMismatchBelow = 0.001;
// A normal approximation needs so many hits and misses of each, and so do words.
inline constexpr uint64_t kHitsMin = 10;
inline constexpr uint64_t kVisitorsOfVerdictMin = 100;
inline constexpr uint64_t kPreferencesMin = 20;

enum class VerdictState : uint8_t { kTooEarly, kUndecided, kDecided, kMismatch };
inline constexpr std::array<std::string_view, 4> kVerdictStateNames = {"too-early", "undecided", "decided",
                                                                       "sample-ratio-mismatch"};

struct Rate {
  uint64_t hits = 0;
  uint64_t of = 0;
};
// What a metric compares: visitors who clicked, of those who saw something; visitors who bought, of all.
[[nodiscard]] Rate rate_of(Metric metric, const VariantCounts& counts);

struct Comparison {
  size_t variant = 0;  // with the first
  Tested tested = {};
  bool is_known = false;  // there was something to test
  uint64_t sample = 0;
  std::optional<uint64_t> sample_needed = {};
  bool is_significant = false;
};
struct Verdict {
  std::string_view test;
  VerdictState state = VerdictState::kTooEarly;
  std::optional<size_t> variant = {};
  std::optional<double> sample_ratio = {};  // a p-value
  std::vector<Comparison> comparisons = {};
};

[[nodiscard]] Verdict verdict_of(const Experiment& experiment, const ExperimentCounts& counts);
// For people.
[[nodiscard]] std::string text_of(const Verdict& verdict, const Experiment& experiment);

}  // namespace doorbuster::recs
