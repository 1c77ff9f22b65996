// What can be said of counts of impressions and clicks: intervals, tests that may be looked at as often as one likes,
// and estimates of what another policy would have got. Pure functions; sources beside each.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace doorbuster::recs {

struct Interval {
  double value = 0;
  double low = 0;
  double high = 0;
};

// A share of 95 % confidence (Wilson, "Probable inference", JASA 1927). Nothing of nothing.
[[nodiscard]] std::optional<Interval> wilson(uint64_t hits, uint64_t of);

// How likely a chi-square with so many degrees of freedom is at least so great.
[[nodiscard]] double chi_square_tail(double chi_square, uint32_t degrees);
// Whether counts are as expected, in shares that add up to 1 (Pearson): a p-value. Nothing if there are no counts.
[[nodiscard]] std::optional<double> goodness_of_fit(std::span<const uint64_t> counts, std::span<const double> shares);

struct Shares {
  uint64_t hits_a = 0;
  uint64_t of_a = 0;
  uint64_t hits_b = 0;
  uint64_t of_b = 0;
};
struct Tested {
  double p_value = 1;        // valid at every look
  Interval difference = {};  // at every look of this significance
};
// b - a by a mixture sequential probability ratio test: normal approximation, mixed over differences of standard
// deviation `typical` (Johari, Koomen, Pekelis, Walsh, "Peeking at A/B tests", KDD 2017; Robbins 1970). Nothing before
// both have hits and misses, as their variance is not known then.
[[nodiscard]] std::optional<Tested> mixture_sprt(const Shares& shares, double typical, double significance);
// Whether one of two wins more often: exact, the share of wins mixed over a uniform prior (Robbins 1970). Nothing of
// nothing.
[[nodiscard]] std::optional<Tested> beta_binomial_sprt(uint64_t wins_a, uint64_t wins_b, double significance);

// How many of each a test of a fixed size needs to find `relative` more than `rate`, with significance 0.05 on two
// sides and a power of 0.8 (Fleiss, Levin, Paik, "Statistical methods for rates and proportions", 2003, without
// continuity correction). Nothing for a rate of 0 or 1.
[[nodiscard]] std::optional<uint64_t> sample_needed(double rate, double relative);

// What is added up of a policy: of impressions at positions where items are drawn, each weighed by how much likelier
// the policy would have shown it than the one that did.
struct PolicySums {
  double weight = 0;
  double weight_squared = 0;
  double clicked = 0;          // weights of those that were clicked
  double clicked_squared = 0;  // likewise, squared
  bool operator==(const PolicySums&) const = default;
  void add(const PolicySums& other);
  void add_impression(double of_one);
  void add_click(double of_one);
};
struct Estimate {
  double value = 0;
  double standard_error = 0;
};
// Clicks an impression would have got under the policy (Horvitz and Thompson 1952).
[[nodiscard]] std::optional<Estimate> ips(const PolicySums& sums, uint64_t impressions);
// The same, self-normalised (Swaminathan and Joachims, NIPS 2015); its error by the delta method.
[[nodiscard]] std::optional<Estimate> snips(const PolicySums& sums);
// Kish 1965.
[[nodiscard]] double effective_sample_size(const PolicySums& sums);

}  // namespace doorbuster::recs
