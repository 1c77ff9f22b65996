#include "sale/api/offer_history.h"

#include <algorithm>

namespace doorbuster::sale {

void OfferHistory::note(const Settings& settings, const PublicStatus& status, Timestamp now) {
  const int64_t reach = int64_t{settings.claim_seconds} + settings.hold_seconds;
  const Duration apart = Duration::micros(std::max<int64_t>(1'000'000, reach * 1'000'000 / (kMoments - 8)));
  const Moment moment{.at = now, .offers = status.offers, .claims = status.claims};
  if (size_ > 0 && now < newest().at) forget();  // the clock was set back
  const bool is_too_soon = size_ > 1 && now - nth(size_ - 2).at < apart;
  if (!is_too_soon && size_ == kMoments) {
    first_ = (first_ + 1) % kMoments;
    --size_;
  }
  if (!is_too_soon) ++size_;
  moments_[(first_ + size_ - 1) % kMoments] = moment;
}

OfferHistory::Counts OfferHistory::before(double seconds) const {
  const auto counts = [](const Moment& moment) {
    return Counts{static_cast<double>(moment.offers), static_cast<double>(moment.claims)};
  };
  if (size_ == 0) return {};
  const Timestamp wanted = newest().at - Duration::micros(static_cast<int64_t>(seconds * 1e6));
  if (wanted <= oldest().at) return counts(oldest());
  size_t low = 0;           // not later
  size_t high = size_ - 1;  // not earlier
  while (high - low > 1) {
    const size_t middle = low + (high - low) / 2;
    (nth(middle).at <= wanted ? low : high) = middle;
  }
  const double span = static_cast<double>((nth(high).at - nth(low).at).micros());
  const double part = span <= 0 ? 1 : static_cast<double>((wanted - nth(low).at).micros()) / span;
  const Counts a = counts(nth(low));
  const Counts b = counts(nth(high));
  return {a.offers + part * (b.offers - a.offers), a.claims + part * (b.claims - a.claims)};
}

OfferHistory::Counts OfferHistory::made(double from, double to) const {
  const Counts later = before(to);
  const Counts earlier = before(from);
  return {later.offers - earlier.offers, later.claims - earlier.claims};
}

}  // namespace doorbuster::sale
