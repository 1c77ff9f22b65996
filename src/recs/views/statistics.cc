#include "recs/views/statistics.h"

#include <algorithm>
#include <cmath>

#include "base/assert.h"

namespace doorbuster::recs {
namespace {

constexpr double kNormal95 = 1.959963984540054;  // two sides of 5 %
constexpr double kNormalPower80 = 0.8416212335729143;
constexpr int kSeriesMax = 1'000;
constexpr double kSeriesEnd = 1e-14;

// The lower regularised incomplete gamma function by its series; converges quickly for x < a + 1.
double gamma_series(double a, double x) {
  double term = 1 / a;
  double sum = term;
  for (int n = 1; n < kSeriesMax && term > sum * kSeriesEnd; ++n) sum += term *= x / (a + n);
  return sum * std::exp(-x + a * std::log(x) - std::lgamma(a));
}

// The upper one by its continued fraction, by Lentz's method; converges quickly for x > a + 1.
double gamma_fraction(double a, double x) {
  constexpr double kTiny = 1e-300;
  double b = x + 1 - a;
  double c = 1 / kTiny;
  double d = 1 / b;
  double h = d;
  for (int n = 1; n < kSeriesMax; ++n) {
    const double factor = -n * (n - a);
    b += 2;
    d = factor * d + b;
    if (std::abs(d) < kTiny) d = kTiny;
    c = b + factor / c;
    if (std::abs(c) < kTiny) c = kTiny;
    d = 1 / d;
    h *= d * c;
    if (std::abs(d * c - 1) < kSeriesEnd) break;
  }
  return h * std::exp(-x + a * std::log(x) - std::lgamma(a));
}

double log_choose(double n, double k) { return std::lgamma(n + 1) - std::lgamma(k + 1) - std::lgamma(n - k + 1); }

// Of the evidence for a share of wins of `share`, mixed over a uniform prior.
double log_ratio(double wins, double of, double share) {
  return -std::log(of + 1) - log_choose(of, wins) - wins * std::log(share) - (of - wins) * std::log(1 - share);
}

// Where the evidence against a share reaches the limit, between one that is likely and one that is not.
double limit_between(double likely, double unlikely, double wins, double of, double limit) {
  for (int step = 0; step < 60; ++step) {
    const double middle = (likely + unlikely) / 2;
    (log_ratio(wins, of, middle) < limit ? likely : unlikely) = middle;
  }
  return likely;
}

}  // namespace

std::optional<Interval> wilson(uint64_t hits, uint64_t of) {
  if (of == 0) return std::nullopt;
  ASSERT(hits <= of);
  const auto n = static_cast<double>(of);
  const double share = static_cast<double>(hits) / n;
  const double z2 = kNormal95 * kNormal95;
  const double middle = (share + z2 / (2 * n)) / (1 + z2 / n);
  const double half = kNormal95 / (1 + z2 / n) * std::sqrt(share * (1 - share) / n + z2 / (4 * n * n));
  return Interval{.value = share,
                  .low = hits == 0 ? 0 : std::max(0.0, middle - half),
                  .high = hits == of ? 1 : std::min(1.0, middle + half)};
}

double chi_square_tail(double chi_square, uint32_t degrees) {
  if (chi_square <= 0 || degrees == 0) return 1;
  const double a = degrees / 2.0;
  const double x = chi_square / 2;
  return std::clamp(x < a + 1 ? 1 - gamma_series(a, x) : gamma_fraction(a, x), 0.0, 1.0);
}

std::optional<double> goodness_of_fit(std::span<const uint64_t> counts, std::span<const double> shares) {
  ASSERT(counts.size() == shares.size());
  uint64_t all = 0;
  for (const uint64_t count : counts) all += count;
  if (all == 0 || counts.size() < 2) return std::nullopt;
  double chi_square = 0;
  for (size_t index = 0; index < counts.size(); ++index) {
    const double expected = shares[index] * static_cast<double>(all);
    const double off = static_cast<double>(counts[index]) - expected;
    chi_square += off * off / expected;
  }
  return chi_square_tail(chi_square, static_cast<uint32_t>(counts.size() - 1));
}

std::optional<Tested> mixture_sprt(const Shares& shares, double typical, double significance) {
  const auto variance = [](uint64_t hits, uint64_t of) {
    const double share = static_cast<double>(hits) / static_cast<double>(of);
    return share * (1 - share) / static_cast<double>(of);
  };
  const bool is_known =
      shares.hits_a > 0 && shares.hits_a < shares.of_a && shares.hits_b > 0 && shares.hits_b < shares.of_b;
  if (!is_known || typical <= 0) return std::nullopt;
  const double difference = static_cast<double>(shares.hits_b) / static_cast<double>(shares.of_b) -
                            static_cast<double>(shares.hits_a) / static_cast<double>(shares.of_a);
  const double s2 = variance(shares.hits_a, shares.of_a) + variance(shares.hits_b, shares.of_b);
  const double t2 = typical * typical;
  const double log_of = 0.5 * std::log(s2 / (s2 + t2)) + t2 * difference * difference / (2 * s2 * (s2 + t2));
  const double half = std::sqrt(s2 * (s2 + t2) / t2 * (std::log((s2 + t2) / s2) + 2 * std::log(1 / significance)));
  return Tested{.p_value = std::min(1.0, std::exp(-log_of)),
                .difference = {.value = difference, .low = difference - half, .high = difference + half}};
}

std::optional<Tested> beta_binomial_sprt(uint64_t wins_a, uint64_t wins_b, double significance) {
  if (wins_a + wins_b == 0) return std::nullopt;
  const auto of = static_cast<double>(wins_a + wins_b);
  const auto wins = static_cast<double>(wins_b);
  const double share = wins / of;
  const double limit = std::log(1 / significance);
  constexpr double kEdge = 1e-12;
  const double low = wins_b == 0 ? 0 : limit_between(share, kEdge, wins, of, limit);
  const double high = wins_a == 0 ? 1 : limit_between(share, 1 - kEdge, wins, of, limit);
  return Tested{.p_value = std::min(1.0, std::exp(-log_ratio(wins, of, 0.5))),
                .difference = {.value = share - 0.5, .low = low - 0.5, .high = high - 0.5}};
}

std::optional<uint64_t> sample_needed(double rate, double relative) {
  const double other = rate * (1 + relative);
  if (rate <= 0 || other >= 1) return std::nullopt;
  const double mean = (rate + other) / 2;
  const double root = kNormal95 * std::sqrt(2 * mean * (1 - mean)) +
                      kNormalPower80 * std::sqrt(rate * (1 - rate) + other * (1 - other));
  const double off = other - rate;
  return static_cast<uint64_t>(std::ceil(root * root / (off * off)));
}

void PolicySums::add(const PolicySums& other) {
  weight += other.weight;
  weight_squared += other.weight_squared;
  clicked += other.clicked;
  clicked_squared += other.clicked_squared;
}

void PolicySums::add_impression(double of_one) {
  weight += of_one;
  weight_squared += of_one * of_one;
}

void PolicySums::add_click(double of_one) {
  clicked += of_one;
  clicked_squared += of_one * of_one;
}

// Clicked or not is 1 or 0, so that the square of a reward is the reward.
std::optional<Estimate> ips(const PolicySums& sums, uint64_t impressions) {
  if (impressions == 0) return std::nullopt;
  const auto n = static_cast<double>(impressions);
  const double mean = sums.clicked / n;
  const double variance = std::max(0.0, sums.clicked_squared / n - mean * mean);
  return Estimate{.value = mean, .standard_error = std::sqrt(variance / n)};
}

std::optional<Estimate> snips(const PolicySums& sums) {
  if (sums.weight <= 0) return std::nullopt;
  const double value = sums.clicked / sums.weight;
  const double squares = sums.clicked_squared * (1 - 2 * value) + value * value * sums.weight_squared;
  return Estimate{.value = value, .standard_error = std::sqrt(std::max(0.0, squares)) / sums.weight};
}

double effective_sample_size(const PolicySums& sums) {
  return sums.weight_squared <= 0 ? 0 : sums.weight * sums.weight / sums.weight_squared;
}

}  // namespace doorbuster::recs
