// How often values came in ranges of sizes: a log-linear histogram, as HdrHistogram (Tene). Four buckets to each power
// of two, so that the bounds of a bucket are at most 25 % apart, for a microsecond as for a minute; the bucket is found
// by the position of the highest bit. The last one is open.
//
// One writer, any readers, as counter.h says.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "ops/metrics/counter.h"

namespace doorbuster::ops {

class Histogram {
 public:
  static constexpr size_t kBuckets = 112;  // the last one begins at 2^28 * 1.75: of microseconds, 7.8 minutes

  void record(uint64_t value, uint64_t times = 1) {
    buckets_[bucket_of(value)].add(times);
    sum_.add(value * times);
  }
  [[nodiscard]] uint64_t count_in(size_t bucket) const { return buckets_[bucket].value(); }
  [[nodiscard]] uint64_t sum() const { return sum_.value(); }

  [[nodiscard]] static constexpr size_t bucket_of(uint64_t value) {
    if (value < 4) return static_cast<size_t>(value);
    const auto power = static_cast<size_t>(std::bit_width(value)) - 1;  // at least 2
    const size_t quarter = static_cast<size_t>(value >> (power - 2)) & 3;
    const size_t bucket = (power - 1) * 4 + quarter;
    return bucket < kBuckets ? bucket : kBuckets - 1;
  }
  // The smallest value above those in the bucket.
  [[nodiscard]] static constexpr uint64_t upper_bound(size_t bucket) {
    if (bucket < 4) return bucket + 1;
    const size_t power = bucket / 4 + 1;
    return (uint64_t{4} + bucket % 4 + 1) << (power - 2);
  }

 private:
  std::array<Counter, kBuckets> buckets_;
  Counter sum_;
};

// What one or several histograms held at one moment. What is being recorded meanwhile may or may not be in it.
struct Distribution {
  std::array<uint64_t, Histogram::kBuckets> buckets{};
  uint64_t sum = 0;

  void add(const Histogram& histogram);
  // What has come since `earlier`, a distribution of the same histograms.
  [[nodiscard]] Distribution since(const Distribution& earlier) const;
  [[nodiscard]] uint64_t count() const;
  // The upper bound of the bucket that holds the value at `fraction` of the way (0.99 for p99); 0 when there is none.
  [[nodiscard]] uint64_t quantile(double fraction) const;
};

}  // namespace doorbuster::ops
