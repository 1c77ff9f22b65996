// Metrics as text: what was counted is put into prometheus-cpp's families, whose serializer knows the format.
#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <limits>

#include "base/assert.h"
#include "ops/metrics.h"

namespace doorbuster::ops {
namespace {

prometheus::ClientMetric labelled(const Labels& labels) {
  prometheus::ClientMetric metric;
  for (const auto& [name, value] : labels) metric.label.push_back({name, value});
  return metric;
}

// Prometheus' buckets are cumulative, and the last one has no bound.
prometheus::ClientMetric::Histogram as_prometheus(const Distribution& distribution) {
  const HistogramShape& shape = distribution.shape;
  prometheus::ClientMetric::Histogram shown;
  uint64_t cumulative = 0;
  for (size_t i = 0; i < shape.buckets(); ++i) {
    cumulative += distribution.buckets[i];
    const bool bounded = i < shape.overflow_bucket();
    const double bound = bounded ? static_cast<double>(shape.upper_bound(i)) / shape.units_in_shown
                                 : std::numeric_limits<double>::infinity();
    shown.bucket.push_back({cumulative, bound});
  }
  shown.sample_count = cumulative;
  shown.sample_sum = static_cast<double>(distribution.sum) / shape.units_in_shown;
  return shown;
}

}  // namespace

double Metrics::shown(const Family& family, const Series& series) const {
  switch (family.kind) {
    case Kind::kCounter:
      return static_cast<double>(cells_.sum(*series.first_cell));
    case Kind::kLevel:
      return static_cast<double>(static_cast<int64_t>(cells_.sum(*series.first_cell)));
    case Kind::kGauge:
      return static_cast<double>(series.gauge->load(std::memory_order_relaxed));
    case Kind::kObserved:
      return series.read();
    case Kind::kHistogram:
      break;
  }
  ASSERT(false && "a histogram has no single number");
  return 0;
}

std::string Metrics::exposition() const {
  std::vector<prometheus::MetricFamily> families;
  const std::lock_guard lock(mutex_);
  for (const auto& [name, family] : families_) {
    const bool grows = name.ends_with("_total");
    prometheus::MetricFamily& shown_family = families.emplace_back();
    shown_family.name = name;
    shown_family.help = family.help;
    shown_family.type = family.kind == Kind::kHistogram ? prometheus::MetricType::Histogram
                        : grows                         ? prometheus::MetricType::Counter
                                                        : prometheus::MetricType::Gauge;
    for (const auto& [labels, series] : family.series) {
      prometheus::ClientMetric& metric = shown_family.metric.emplace_back(labelled(labels));
      if (family.kind == Kind::kHistogram) {
        metric.histogram = as_prometheus(Histogram::read(cells_, *series.first_cell, family.shape));
      } else {
        (grows ? metric.counter.value : metric.gauge.value) = shown(family, series);
      }
    }
  }
  return prometheus::TextSerializer().Serialize(families);
}

std::vector<std::string> Metrics::names() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> found;
  for (const auto& [name, family] : families_) found.push_back(name);
  return found;
}

}  // namespace doorbuster::ops
