// What a reactor counts about itself: written by its own thread without a lock prefix, readable from every thread at
// any time.
#pragma once

#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace doorbuster::net {

// One writer, any readers.
class Counter {
 public:
  void add(uint64_t count) { value_.store(value_.load(std::memory_order_relaxed) + count, std::memory_order_relaxed); }
  void subtract(uint64_t count) {
    value_.store(value_.load(std::memory_order_relaxed) - count, std::memory_order_relaxed);
  }
  [[nodiscard]] uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<uint64_t> value_{0};
};

// Microseconds in log-linear buckets: four to each power of two, so a bucket's bounds are at most 25 % apart. The last
// one is open.
class LatencyHistogram {
 public:
  static constexpr size_t kBuckets = 112;

  void record(uint64_t micros, uint64_t times = 1) {
    buckets_[bucket_of(micros)].add(times);
    sum_.add(micros * times);
  }
  [[nodiscard]] uint64_t count_in(size_t bucket) const { return buckets_[bucket].value(); }
  [[nodiscard]] uint64_t sum_micros() const { return sum_.value(); }

  [[nodiscard]] static constexpr size_t bucket_of(uint64_t micros) {
    if (micros < 4) return static_cast<size_t>(micros);
    const auto power = static_cast<size_t>(std::bit_width(micros)) - 1;  // at least 2
    const size_t quarter = static_cast<size_t>(micros >> (power - 2)) & 3;
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

struct ReactorMetrics {
  Counter connections_open;  // a gauge
  Counter connections_accepted;
  Counter connections_refused;      // over a limit
  Counter requests;                 // answered
  std::array<Counter, 6> statuses;  // by class: [2] counts 200 to 299
  Counter requests_refused;         // by this layer: malformed, too large, too slow
  Counter deferred_expired;         // deferred answers that came too late
  Counter bytes_received;
  Counter bytes_sent;
  Counter turns;
  LatencyHistogram latency;  // from the turn that had the request whole to the answer
};

}  // namespace doorbuster::net
