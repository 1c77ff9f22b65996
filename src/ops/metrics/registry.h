// All metrics of the process, shown in Prometheus' text format.
//
// Whoever counts registers its families once, with a function that tells their values when somebody asks; counting
// itself (counter.h, histogram.h) knows nothing of it. Names follow the conventions of Prometheus (snake case, base
// units, `_total`), which registering asserts. docs/metrics.md lists all of them, and a test holds that page to a
// running server.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "ops/metrics/series.h"

namespace doorbuster::ops {

inline constexpr std::string_view kMetricsContentType = "text/plain; version=0.0.4; charset=utf-8";

class Metrics {
 public:
  // Called by the thread that asks; must be quick. What a counter's tells only grows.
  using Tell = std::function<void(Series& series)>;
  using Read = std::function<double()>;

  // Several parts may tell series of one family, each with labels of its own; its help is the same everywhere.
  void counters(std::string_view name, std::string_view help, Tell tell);
  void gauges(std::string_view name, std::string_view help, Tell tell);
  void histograms(std::string_view name, std::string_view help, Tell tell);

  // A family of one series without labels.
  void counter(std::string_view name, std::string_view help, Read read);
  void gauge(std::string_view name, std::string_view help, Read read);
  // These are read for as long as this lives.
  void counter(std::string_view name, std::string_view help, const Counter& counter);
  void gauge(std::string_view name, std::string_view help, const Gauge& gauge);
  void histogram(std::string_view name, std::string_view help, const HistogramScale& scale, const Histogram& histogram);

  // Everything, families in alphabetical order, each with its help and type even while it has no series.
  [[nodiscard]] std::string exposition() const;

 private:
  enum class Kind : uint8_t { kCounter, kGauge, kHistogram };
  struct Family {
    Kind kind;
    std::string help;
    std::vector<Tell> tell;
  };
  void add(std::string_view name, std::string_view help, Kind kind, Tell tell);

  mutable std::mutex mutex_;  // guards what follows; never taken to count
  std::map<std::string, Family, std::less<>> families_;
};

}  // namespace doorbuster::ops
