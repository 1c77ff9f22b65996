#include "ops/metrics/histogram.h"

#include <algorithm>
#include <numeric>

#include "base/assert.h"

namespace doorbuster::ops {

void Distribution::add(const Histogram& histogram) {
  for (size_t i = 0; i < buckets.size(); ++i) buckets[i] += histogram.count_in(i);
  sum += histogram.sum();
}

Distribution Distribution::since(const Distribution& earlier) const {
  Distribution difference;
  for (size_t i = 0; i < buckets.size(); ++i) difference.buckets[i] = buckets[i] - earlier.buckets[i];
  difference.sum = sum - earlier.sum;
  return difference;
}

uint64_t Distribution::count() const { return std::accumulate(buckets.begin(), buckets.end(), uint64_t{0}); }

uint64_t Distribution::quantile(double fraction) const {
  ASSERT(fraction >= 0 && fraction <= 1);
  const uint64_t all = count();
  if (all == 0) return 0;
  const auto before = std::min(all - 1, static_cast<uint64_t>(fraction * static_cast<double>(all)));
  uint64_t seen = 0;
  for (size_t i = 0; i < buckets.size(); ++i) {
    seen += buckets[i];
    if (seen > before) return Histogram::upper_bound(i);
  }
  return Histogram::upper_bound(buckets.size() - 1);
}

}  // namespace doorbuster::ops
