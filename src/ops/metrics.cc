#include "ops/metrics.h"

#include <algorithm>
#include <numeric>

#include "base/assert.h"

namespace doorbuster::ops {
namespace {

bool is_name(std::string_view name) {
  const auto is_part = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; };
  return !name.empty() && name[0] >= 'a' && name[0] <= 'z' && std::ranges::all_of(name, is_part);
}

bool is_ours(std::string_view name) { return name.starts_with("doorbuster_") || name.starts_with("process_"); }

}  // namespace

uint64_t Distribution::count() const { return std::accumulate(buckets.begin(), buckets.end(), uint64_t{0}); }

uint64_t Distribution::quantile(double fraction) const {
  ASSERT(fraction >= 0 && fraction <= 1);
  const uint64_t total = count();
  if (total == 0) return 0;
  const auto wanted = std::max<uint64_t>(1, static_cast<uint64_t>(fraction * static_cast<double>(total) + 0.5));
  uint64_t seen = 0;
  for (size_t i = 0; i < shape.overflow_bucket(); ++i) {
    seen += buckets[i];
    if (seen >= wanted) return std::min(shape.upper_bound(i), shape.highest);
  }
  return shape.highest;
}

Distribution Histogram::read(const MetricCells& cells, size_t first, const HistogramShape& shape) {
  Distribution found{.shape = shape, .buckets = std::vector<uint64_t>(shape.buckets()), .sum = 0};
  for (size_t i = 0; i < found.buckets.size(); ++i) found.buckets[i] = cells.sum(first + i);
  found.sum = cells.sum(first + shape.buckets());
  return found;
}

Metrics::Series& Metrics::series_of(std::string_view name, std::string_view help, Kind kind, Labels labels,
                                    HistogramShape shape) {
  ASSERT(is_name(name) && is_ours(name) && !help.empty());
  std::ranges::sort(labels);
  for (const auto& [label, value] : labels) ASSERT(is_name(label) && label != "le");
  auto family = families_.find(name);
  if (family == families_.end()) {
    family = families_.emplace(name, Family{kind, std::string(help), shape, {}}).first;
  }
  ASSERT(family->second.kind == kind && family->second.help == help && family->second.shape == shape);
  return family->second.series[std::move(labels)];
}

size_t Metrics::cells_of(Series& series, size_t count) {
  if (!series.first_cell) series.first_cell = cells_.reserve(count);
  return *series.first_cell;
}

Counter Metrics::counter(std::string_view name, std::string_view help, Labels labels) {
  ASSERT(name.ends_with("_total"));
  const std::lock_guard lock(mutex_);
  return {&cells_, cells_of(series_of(name, help, Kind::kCounter, std::move(labels)), 1)};
}

Level Metrics::level(std::string_view name, std::string_view help, Labels labels) {
  ASSERT(!name.ends_with("_total"));
  const std::lock_guard lock(mutex_);
  return {&cells_, cells_of(series_of(name, help, Kind::kLevel, std::move(labels)), 1)};
}

Histogram Metrics::histogram(std::string_view name, std::string_view help, HistogramShape shape, Labels labels) {
  ASSERT(!name.ends_with("_total") && shape.highest > 0);
  const std::lock_guard lock(mutex_);
  Series& series = series_of(name, help, Kind::kHistogram, std::move(labels), shape);
  return {&cells_, cells_of(series, shape.buckets() + 1), shape};
}

Gauge Metrics::gauge(std::string_view name, std::string_view help, Labels labels) {
  ASSERT(!name.ends_with("_total"));
  const std::lock_guard lock(mutex_);
  Series& series = series_of(name, help, Kind::kGauge, std::move(labels));
  if (series.gauge == nullptr) series.gauge = &gauges_.emplace_back(0);
  return Gauge(series.gauge);
}

void Metrics::observed(std::string_view name, std::string_view help, Read read, Labels labels) {
  ASSERT(read != nullptr);
  const std::lock_guard lock(mutex_);
  series_of(name, help, Kind::kObserved, std::move(labels)).read = std::move(read);
}

}  // namespace doorbuster::ops
