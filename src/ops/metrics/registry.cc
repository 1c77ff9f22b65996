#include "ops/metrics/registry.h"

#include <algorithm>
#include <array>

#include "base/assert.h"

namespace doorbuster::ops {
namespace {

constexpr std::array<std::string_view, 3> kKindNames = {"counter", "gauge", "histogram"};

bool is_name(std::string_view name) {
  const auto is_part = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; };
  return name.starts_with("doorbuster_") || name.starts_with("process_") ? std::ranges::all_of(name, is_part) : false;
}

}  // namespace

void Metrics::add(std::string_view name, std::string_view help, Kind kind, Tell tell) {
  ASSERT(is_name(name) && !help.empty() && tell != nullptr);
  ASSERT(name.ends_with("_total") == (kind == Kind::kCounter));
  const std::lock_guard lock(mutex_);
  auto family = families_.find(name);
  if (family == families_.end()) {
    family = families_.emplace(name, Family{.kind = kind, .help = std::string(help), .tell = {}}).first;
  }
  ASSERT(family->second.kind == kind && family->second.help == help);
  family->second.tell.push_back(std::move(tell));
}

void Metrics::counters(std::string_view name, std::string_view help, Tell tell) {
  add(name, help, Kind::kCounter, std::move(tell));
}

void Metrics::gauges(std::string_view name, std::string_view help, Tell tell) {
  add(name, help, Kind::kGauge, std::move(tell));
}

void Metrics::histograms(std::string_view name, std::string_view help, Tell tell) {
  add(name, help, Kind::kHistogram, std::move(tell));
}

void Metrics::counter(std::string_view name, std::string_view help, Read read) {
  counters(name, help, [read = std::move(read)](Series& series) { series.add({}, read()); });
}

void Metrics::gauge(std::string_view name, std::string_view help, Read read) {
  gauges(name, help, [read = std::move(read)](Series& series) { series.add({}, read()); });
}

void Metrics::counter(std::string_view name, std::string_view help, const Counter& counter) {
  counters(name, help, [&counter](Series& series) { series.add({}, counter.value()); });
}

void Metrics::gauge(std::string_view name, std::string_view help, const Gauge& gauge) {
  gauges(name, help, [&gauge](Series& series) { series.add({}, static_cast<double>(gauge.value())); });
}

void Metrics::histogram(std::string_view name, std::string_view help, const HistogramScale& scale,
                        const Histogram& histogram) {
  histograms(name, help, [&histogram, scale](Series& series) {
    Distribution distribution;
    distribution.add(histogram);
    series.add({}, distribution, scale);
  });
}

std::string Metrics::exposition() const {
  std::string out;
  const std::lock_guard lock(mutex_);
  for (const auto& [name, family] : families_) {
    out.append("# HELP ").append(name).append(" ");
    write_help(out, family.help);
    out.append("\n# TYPE ").append(name).append(" ").append(kKindNames[static_cast<size_t>(family.kind)]).append("\n");
    Series series(out, name);
    for (const Tell& tell : family.tell) tell(series);
  }
  return out;
}

}  // namespace doorbuster::ops
