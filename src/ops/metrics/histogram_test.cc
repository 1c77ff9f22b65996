#include "ops/metrics/histogram.h"

#include <gtest/gtest.h>

#include <vector>

namespace doorbuster::ops {
namespace {

TEST(Histogram, buckets_follow_each_other_without_a_gap) {
  for (size_t bucket = 1; bucket + 1 < Histogram::kBuckets; ++bucket) {
    EXPECT_EQ(Histogram::bucket_of(Histogram::upper_bound(bucket - 1)), bucket);
    EXPECT_EQ(Histogram::bucket_of(Histogram::upper_bound(bucket) - 1), bucket);
  }
  EXPECT_EQ(Histogram::bucket_of(UINT64_MAX), Histogram::kBuckets - 1);
}

TEST(Histogram, the_bounds_of_a_bucket_are_at_most_a_quarter_apart) {
  for (size_t bucket = 8; bucket + 1 < Histogram::kBuckets; ++bucket) {
    const uint64_t from = Histogram::upper_bound(bucket - 1);
    EXPECT_LE((Histogram::upper_bound(bucket) - from) * 4, from) << bucket;
  }
}

TEST(Distribution, adds_histograms_up) {
  Histogram one;
  Histogram two;
  one.record(10, 3);
  two.record(1'000);
  Distribution all;
  all.add(one);
  all.add(two);
  EXPECT_EQ(all.count(), 4U);
  EXPECT_EQ(all.sum, 1'030U);
}

TEST(Distribution, tells_what_has_come_since_an_earlier_one) {
  Histogram histogram;
  histogram.record(1'000'000, 50);
  Distribution earlier;
  earlier.add(histogram);
  histogram.record(100, 2);
  Distribution now;
  now.add(histogram);
  const Distribution since = now.since(earlier);
  EXPECT_EQ(since.count(), 2U);
  EXPECT_EQ(since.sum, 200U);
  EXPECT_LE(since.quantile(1), 125U);
}

TEST(Distribution, a_quantile_is_at_most_a_quarter_above_the_value) {
  Histogram histogram;
  for (uint64_t value = 1; value <= 10'000; ++value) histogram.record(value);
  Distribution all;
  all.add(histogram);
  for (const double part : {0.1, 0.5, 0.9, 0.99}) {
    const double exact = part * 10'000;
    EXPECT_GE(static_cast<double>(all.quantile(part)), exact);
    EXPECT_LE(static_cast<double>(all.quantile(part)), exact * 1.25 + 1);
  }
  EXPECT_EQ(Distribution().quantile(0.5), 0U);
}

}  // namespace
}  // namespace doorbuster::ops
