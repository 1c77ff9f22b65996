#include "app/http_load_sampler.h"

namespace doorbuster::app {

HttpLoadSampler::Counts HttpLoadSampler::counts_at(Timestamp now) const {
  Counts counts{.at = now, .latency = {}};
  for (const net::ReactorMetrics* reactor : reactors_) {
    counts.latency.add(reactor->latency_immediate);
    counts.latency.add(reactor->latency_deferred);
  }
  return counts;
}

sale::HttpLoad HttpLoadSampler::look(Timestamp now) {
  constexpr Duration kTurn = Duration::seconds(5);
  const Counts current = counts_at(now);
  const std::lock_guard lock(mutex_);
  if (newer_.at == Timestamp()) older_ = newer_ = current;
  if (now - newer_.at >= kTurn) {
    older_ = newer_;
    newer_ = current;
  }
  const ops::Distribution since = current.latency.since(older_.latency);
  const uint64_t all = since.count();
  const int64_t micros = (now - older_.at).micros();
  if (all == 0 || micros <= 0) return {};
  return {.requests_per_second = static_cast<double>(all) * 1e6 / static_cast<double>(micros),
          .p50_micros = since.quantile(0.5),
          .p99_micros = since.quantile(0.99)};
}

}  // namespace doorbuster::app
