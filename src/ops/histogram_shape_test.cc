#include "ops/histogram_shape.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "base/prng.h"
#include "ops/metrics.h"

namespace doorbuster::ops {
namespace {

TEST(HistogramShape, EveryValueLiesInTheFirstBucketWhoseBoundReachesIt) {
  for (const uint32_t step_bits : {0U, 1U, 2U, 3U}) {
    const HistogramShape shape{.highest = 5'000, .step_bits = step_bits};
    for (uint64_t value = 0; value <= shape.highest; ++value) {
      const size_t bucket = shape.bucket_of(value);
      ASSERT_LE(value, shape.upper_bound(bucket));
      if (bucket > 0) {
        ASSERT_GT(value, shape.upper_bound(bucket - 1)) << "step bits " << step_bits;
      }
    }
  }
}

TEST(HistogramShape, WhatIsTooLargeFallsIntoTheLastBucket) {
  EXPECT_EQ(kLatencyMicros.bucket_of(kLatencyMicros.highest + 1), kLatencyMicros.buckets() - 1);
  EXPECT_EQ(kLatencyMicros.bucket_of(UINT64_MAX), kLatencyMicros.overflow_bucket());
  EXPECT_LT(kLatencyMicros.bucket_of(kLatencyMicros.highest), kLatencyMicros.overflow_bucket());
}

TEST(HistogramShape, BucketsAreAsNarrowAsPromised) {
  const HistogramShape shape{.highest = 1'000'000'000, .step_bits = 2};
  for (size_t i = 8; i < shape.overflow_bucket(); ++i) {
    const auto low = static_cast<double>(shape.upper_bound(i - 1) + 1);
    ASSERT_LE(static_cast<double>(shape.upper_bound(i)) / low, 1.25);
  }
}

TEST(HistogramShape, TheUsualOnesAreSmall) {
  EXPECT_LE(kLatencyMicros.buckets(), 60U);
  EXPECT_LE(kSmallCounts.buckets(), 40U);
}

TEST(Quantile, IsTheBoundOfTheBucketThatHoldsTheExactOne) {
  Prng random(99);
  Metrics metrics;
  const Histogram histogram = metrics.histogram("doorbuster_wait_seconds", "Waits.", kLatencyMicros);
  std::vector<uint64_t> values;
  for (int i = 0; i < 10'000; ++i) {
    values.push_back(random.below(uint64_t{1} << random.below(26)));
    histogram.record(values.back());
  }
  std::ranges::sort(values);
  const Distribution distribution = histogram.distribution();
  EXPECT_EQ(distribution.count(), values.size());
  for (const double fraction : {0.0001, 0.5, 0.9, 0.99, 1.0}) {
    const auto rank = std::max<size_t>(1, static_cast<size_t>(fraction * 10'000 + 0.5));
    const size_t bucket = kLatencyMicros.bucket_of(values[rank - 1]);
    EXPECT_EQ(distribution.quantile(fraction), kLatencyMicros.upper_bound(bucket)) << fraction;
  }
}

TEST(Quantile, OfNothingIsZeroAndOfWhatIsTooLargeTheHighest) {
  Metrics metrics;
  const Histogram histogram = metrics.histogram("doorbuster_wait_seconds", "Waits.", kSmallCounts);
  EXPECT_EQ(histogram.distribution().quantile(0.5), 0U);
  histogram.record(10'000'000);
  EXPECT_EQ(histogram.distribution().quantile(0.5), kSmallCounts.highest);
}

}  // namespace
}  // namespace doorbuster::ops
