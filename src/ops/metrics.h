// What the server counts, measured and shown in Prometheus' text format.
//
// Metrics are registered by the parts that count, usually while the server is built; registering one again with the
// same labels gives the same metric. Counting is for any thread and costs a few instructions: see metric_cells.h. Names
// follow the conventions of Prometheus (snake case, base units, `_total`), which registering asserts; docs/metrics.md
// lists all of them.
#pragma once

#include <atomic>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ops/histogram_shape.h"
#include "ops/metric_cells.h"

namespace doorbuster::ops {

using Labels = std::vector<std::pair<std::string, std::string>>;  // name, value

inline constexpr std::string_view kMetricsContentType = "text/plain; version=0.0.4; charset=utf-8";

// Only grows.
class Counter {
 public:
  void add(uint64_t amount = 1) const { cells_->add(cell_, amount); }
  [[nodiscard]] uint64_t value() const { return cells_->sum(cell_); }

 private:
  friend class Metrics;
  Counter(MetricCells* cells, size_t cell) : cells_(cells), cell_(cell) {}
  MetricCells* cells_;
  size_t cell_;
};

// A number that one thread or another sets: the last one wins.
class Gauge {
 public:
  void set(int64_t value) const { value_->store(value, std::memory_order_relaxed); }
  [[nodiscard]] int64_t value() const { return value_->load(std::memory_order_relaxed); }

 private:
  friend class Metrics;
  explicit Gauge(std::atomic<int64_t>* value) : value_(value) {}
  std::atomic<int64_t>* value_;
};

// How many of something there are, where many threads add and take away: open connections.
class Level {
 public:
  void rise(uint64_t by = 1) const { cells_->add(cell_, by); }
  void fall(uint64_t by = 1) const { cells_->add(cell_, ~by + 1); }
  [[nodiscard]] int64_t value() const { return static_cast<int64_t>(cells_->sum(cell_)); }

 private:
  friend class Metrics;
  Level(MetricCells* cells, size_t cell) : cells_(cells), cell_(cell) {}
  MetricCells* cells_;
  size_t cell_;
};

// What a histogram held at one moment.
struct Distribution {
  HistogramShape shape;
  std::vector<uint64_t> buckets;
  uint64_t sum = 0;

  [[nodiscard]] uint64_t count() const;
  // The upper bound of the bucket that holds the value at `fraction` of the way (0.99 for p99); 0 when there is none,
  // and shape.highest for what lies above.
  [[nodiscard]] uint64_t quantile(double fraction) const;
};

// How often values came in ranges of sizes.
class Histogram {
 public:
  void record(uint64_t value) const {
    cells_->add(first_ + shape_.bucket_of(value), 1);
    cells_->add(first_ + shape_.buckets(), value);
  }
  [[nodiscard]] Distribution distribution() const { return read(*cells_, first_, shape_); }

 private:
  static Distribution read(const MetricCells& cells, size_t first, const HistogramShape& shape);

  friend class Metrics;
  Histogram(MetricCells* cells, size_t first, HistogramShape shape) : cells_(cells), first_(first), shape_(shape) {}
  MetricCells* cells_;
  size_t first_;  // the buckets, then the sum
  HistogramShape shape_;
};

class Metrics {
 public:
  // The cells are what all counters, levels and histogram buckets together may take: 8 bytes each a thread.
  explicit Metrics(size_t cells_per_thread = 8192) : cells_(cells_per_thread) {}

  Counter counter(std::string_view name, std::string_view help, Labels labels = {});
  Gauge gauge(std::string_view name, std::string_view help, Labels labels = {});
  Level level(std::string_view name, std::string_view help, Labels labels = {});
  Histogram histogram(std::string_view name, std::string_view help, HistogramShape shape, Labels labels = {});

  // A number that is looked up when somebody asks. `read` is called by the asking thread and must be quick. A counter's
  // name ends in _total, and what is read only grows.
  using Read = std::function<double()>;
  void observed(std::string_view name, std::string_view help, Read read, Labels labels = {});

  // Everything, in Prometheus' text format 0.0.4, families and label sets in alphabetical order.
  [[nodiscard]] std::string exposition() const;

  // Names of all families, for the test that holds docs/metrics.md to them.
  [[nodiscard]] std::vector<std::string> names() const;

 private:
  enum class Kind { kCounter, kGauge, kLevel, kHistogram, kObserved };
  struct Series {
    std::optional<size_t> first_cell;       // of counters, levels and histograms
    std::atomic<int64_t>* gauge = nullptr;  // of gauges
    Read read;                              // of what is observed
  };
  struct Family {
    Kind kind;
    std::string help;
    HistogramShape shape;
    std::map<Labels, Series> series;
  };

  Series& series_of(std::string_view name, std::string_view help, Kind kind, Labels labels, HistogramShape shape = {});
  size_t cells_of(Series& series, size_t count);
  [[nodiscard]] double shown(const Family& family, const Series& series) const;

  MetricCells cells_;
  mutable std::mutex mutex_;  // guards what follows; never taken to count
  std::map<std::string, Family, std::less<>> families_;
  std::deque<std::atomic<int64_t>> gauges_;
};

}  // namespace doorbuster::ops
