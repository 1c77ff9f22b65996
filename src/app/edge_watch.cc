#include "app/edge_watch.h"

#include <numeric>

namespace doorbuster::app {
namespace {

using Buckets = std::array<uint64_t, net::LatencyHistogram::kBuckets>;

// The upper end of the bucket that holds the value at this part of the way.
uint64_t quantile(const Buckets& buckets, uint64_t all, double part) {
  const auto wanted = static_cast<uint64_t>(part * static_cast<double>(all));
  uint64_t seen = 0;
  for (size_t i = 0; i < buckets.size(); ++i) {
    seen += buckets[i];
    if (seen > wanted) return net::LatencyHistogram::upper_bound(i);
  }
  return 0;
}

}  // namespace

EdgeWatch::Counts EdgeWatch::counts_at(Timestamp now) const {
  Counts counts{.at = now};
  for (const net::ReactorMetrics* reactor : reactors_) {
    for (size_t i = 0; i < counts.answered_in.size(); ++i) counts.answered_in[i] += reactor->latency.count_in(i);
  }
  return counts;
}

sale::EdgeLoad EdgeWatch::look(Timestamp now) {
  constexpr Duration kTurn = Duration::seconds(5);
  const Counts current = counts_at(now);
  const std::lock_guard lock(mutex_);
  if (newer_.at == Timestamp()) older_ = newer_ = current;
  if (now - newer_.at >= kTurn) {
    older_ = newer_;
    newer_ = current;
  }
  Buckets since{};
  for (size_t i = 0; i < since.size(); ++i) since[i] = current.answered_in[i] - older_.answered_in[i];
  const uint64_t all = std::accumulate(since.begin(), since.end(), uint64_t{0});
  const int64_t micros = (now - older_.at).micros();
  if (all == 0 || micros <= 0) return {};
  return {.requests_per_second = static_cast<double>(all) * 1e6 / static_cast<double>(micros),
          .p50_micros = quantile(since, all, 0.5),
          .p99_micros = quantile(since, all, 0.99)};
}

}  // namespace doorbuster::app
