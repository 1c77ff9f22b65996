#include "cell/cell_metrics.h"

#include <string>

namespace doorbuster::cell {
namespace {

// Adds families to which each cell tells its series.
class Families {
 public:
  Families(ops::Metrics& metrics, CellId cell) : metrics_(metrics), cell_(std::to_string(cell.value())) {}

  template <class Read>
  void gauge(std::string_view name, std::string_view help, Read read) {
    metrics_.gauges(name, help, [cell = cell_, read](ops::Series& series) { series.add({{"cell", cell}}, read()); });
  }
  void counter(std::string_view name, std::string_view help, const ops::Counter& counter) {
    metrics_.counters(name, help, [cell = cell_, &counter](ops::Series& series) {
      series.add({{"cell", cell}}, counter.value());
    });
  }
  void histogram(std::string_view name, std::string_view help, const ops::HistogramScale& scale,
                 const ops::Histogram& histogram) {
    metrics_.histograms(name, help, [cell = cell_, scale, &histogram](ops::Series& series) {
      ops::Distribution distribution;
      distribution.add(histogram);
      series.add({{"cell", cell}}, distribution, scale);
    });
  }

 private:
  ops::Metrics& metrics_;
  const std::string cell_;
};

}  // namespace

void register_metrics(ops::Metrics& metrics, CellId cell, const CellProbe& probe) {
  Families families(metrics, cell);
  families.gauge("doorbuster_cell_is_owner",
                 "1 while this server owns the cell's log; 0 while it recovers, and once it was fenced or has given it "
                 "up.",
                 [&probe] { return probe.ownership.load(std::memory_order_acquire) == Ownership::kOwner ? 1.0 : 0.0; });
  families.gauge("doorbuster_cell_durable_sequence", "The last event that is durable.",
                 [&probe] { return uint64_t{probe.durable_tail.load(std::memory_order_acquire)}; });
  families.counter("doorbuster_cell_batches_total", "Batches made durable.", probe.batches);
  families.counter("doorbuster_cell_events_total", "Events made durable.", probe.events);
  families.counter("doorbuster_cell_snapshots_total", "Snapshots saved.", probe.snapshots);
  families.counter("doorbuster_cell_snapshots_failed_total", "Snapshots that could not be saved.",
                   probe.snapshots_failed);
  families.counter("doorbuster_cell_recoveries_total",
                   "Times the log was opened again because the store could not say whether a batch was durable.",
                   probe.recoveries);
  families.counter("doorbuster_cell_replays_total", "Times the log was replayed, the start included.", probe.replays);
  families.histogram("doorbuster_cell_append_seconds", "Time that the log took to make a batch durable.", ops::kLatency,
                     probe.append_micros);
  families.histogram("doorbuster_cell_wait_seconds",
                     "Time from the first decision of a batch until the log was free to take the batch.", ops::kLatency,
                     probe.wait_micros);
  families.histogram("doorbuster_cell_batch_events", "Events of a batch.", ops::kBatchSizes, probe.batch_events);
}

}  // namespace doorbuster::cell
