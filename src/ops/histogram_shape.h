// Where the buckets of a log-linear histogram lie, as in HdrHistogram (Tene): every doubling of the value is cut into
// the same number of equal steps, so the relative error is the same for a microsecond and for a minute.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

#include "base/assert.h"

namespace doorbuster::ops {

struct HistogramShape {
  // Values above it count, and are lost only to their exact size: they fall into the last, unbounded bucket.
  uint64_t highest = 0;
  // 2^step_bits steps a doubling: 1 puts a value into a bucket at most 50 % wide, 2 at most 25 %, 3 at most 12.5 %.
  uint32_t step_bits = 1;
  // What a value is divided by when it is shown: 1'000'000 shows microseconds as seconds.
  double units_in_shown = 1;

  constexpr bool operator==(const HistogramShape&) const = default;

  [[nodiscard]] constexpr size_t bucket_of(uint64_t value) const {
    return value > highest ? overflow_bucket() : bucket_within(value);
  }
  // The largest value of a bucket; the overflow bucket has none.
  [[nodiscard]] constexpr uint64_t upper_bound(size_t bucket) const {
    ASSERT(bucket < overflow_bucket());
    const uint64_t steps = uint64_t{1} << step_bits;
    if (bucket < 2 * steps) return bucket;
    const uint64_t shift = bucket / steps - 1;
    return ((bucket % steps + steps + 1) << shift) - 1;
  }
  [[nodiscard]] constexpr size_t overflow_bucket() const { return bucket_within(highest) + 1; }
  [[nodiscard]] constexpr size_t buckets() const { return overflow_bucket() + 1; }

 private:
  [[nodiscard]] constexpr size_t bucket_within(uint64_t value) const {
    const auto width = static_cast<uint32_t>(std::bit_width(value));
    const uint32_t shift = width > step_bits + 1 ? width - step_bits - 1 : 0;
    return (size_t{shift} << step_bits) + static_cast<size_t>(value >> shift);
  }
};

// From a microsecond to above a minute, for whatever a request waits for; shown in seconds.
inline constexpr HistogramShape kLatencyMicros{.highest = 100'000'000, .step_bits = 1, .units_in_shown = 1'000'000};
// How many of something came at once: a batch, a pipeline.
inline constexpr HistogramShape kSmallCounts{.highest = 65'535, .step_bits = 1, .units_in_shown = 1};

}  // namespace doorbuster::ops
