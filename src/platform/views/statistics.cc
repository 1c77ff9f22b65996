#include "platform/views/statistics.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/assert.h"

namespace doorbuster::platform {
namespace {

constexpr int kTermsMax = 10'000;
constexpr double kEnough = 1e-15;

// x^a e^-x / Gamma(a)
double front_of(double a, double x) { return std::exp(a * std::log(x) - x - std::lgamma(a)); }

// P(a, x) by its power series (DLMF 8.7.1): for x < a + 1.
double lower_by_series(double a, double x) {
  double term = 1 / a;
  double sum = term;
  for (int n = 1; n < kTermsMax && term > sum * kEnough; ++n) {
    term *= x / (a + n);
    sum += term;
  }
  return front_of(a, x) * sum;
}

// Q(a, x) by its continued fraction (DLMF 8.9.2), evaluated forwards by Lentz's method as modified by Thompson and
// Barnett (1986): for x >= a + 1.
double upper_by_fraction(double a, double x) {
  constexpr double kTiny = std::numeric_limits<double>::min() / kEnough;
  const auto unless_zero = [](double value) { return std::abs(value) < kTiny ? kTiny : value; };
  double b = x + 1 - a;
  double c = 1 / kTiny;
  double d = 1 / unless_zero(b);
  double fraction = d;
  for (int n = 1; n < kTermsMax; ++n) {
    const double numerator = -n * (n - a);
    b += 2;
    d = 1 / unless_zero(numerator * d + b);
    c = unless_zero(b + numerator / c);
    fraction *= c * d;
    if (std::abs(c * d - 1) < kEnough) break;
  }
  return front_of(a, x) * fraction;
}

}  // namespace

double chi_square_p(double x, uint32_t degrees) {
  ASSERT(degrees > 0 && x >= 0);
  if (x == 0) return 1;
  const double a = degrees / 2.0;
  const double p = x / 2 < a + 1 ? 1 - lower_by_series(a, x / 2) : upper_by_fraction(a, x / 2);
  return std::clamp(p, 0.0, 1.0);
}

std::optional<double> jain_index(std::span<const double> shares) {
  double sum = 0;
  double squares = 0;
  for (const double share : shares) {
    sum += share;
    squares += share * share;
  }
  if (squares <= 0) return std::nullopt;
  return sum * sum / (static_cast<double>(shares.size()) * squares);
}

void KendallTau::note(uint32_t number) {
  if (sorted_.size() == kRemembered) sorted_.erase(sorted_.begin(), sorted_.begin() + kRemembered / 2);
  const auto larger = std::ranges::upper_bound(sorted_, number);
  discordant_ += static_cast<uint64_t>(sorted_.end() - larger);
  sorted_.insert(larger, number);
  ++count_;
}

std::optional<double> KendallTau::value() const {
  if (count_ < 2) return std::nullopt;
  const double pairs = static_cast<double>(count_) * static_cast<double>(count_ - 1) / 2;
  return 1 - 2 * static_cast<double>(discordant_) / pairs;
}

}  // namespace doorbuster::platform
