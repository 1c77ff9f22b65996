#include "cell/cell_metrics.h"

namespace doorbuster::cell {

void register_metrics(ops::Metrics& metrics, const CellProbe& probe) {
  metrics.gauge("doorbuster_cell_is_owner",
                "1 while this server owns its log; 0 while it recovers, and once it was fenced or has given it up.",
                [&probe] { return probe.ownership.load(std::memory_order_acquire) == Ownership::kOwner ? 1.0 : 0.0; });
  metrics.gauge("doorbuster_cell_durable_sequence", "The last event that is durable.",
                [&probe] { return static_cast<double>(probe.durable_tail.load(std::memory_order_acquire)); });
  metrics.counter("doorbuster_cell_batches_total", "Batches made durable: one write and one sync each.", probe.batches);
  metrics.counter("doorbuster_cell_events_total", "Events made durable.", probe.events);
  metrics.counter("doorbuster_cell_snapshots_total", "Snapshots saved.", probe.snapshots);
  metrics.counter("doorbuster_cell_snapshots_failed_total", "Snapshots that could not be saved.",
                  probe.snapshots_failed);
  metrics.counter("doorbuster_cell_recoveries_total",
                  "Times the log was opened again because the store could not say whether a batch was durable.",
                  probe.recoveries);
  metrics.counter("doorbuster_cell_replays_total", "Times the log was replayed, the start included.", probe.replays);
  metrics.histogram("doorbuster_cell_append_seconds", "Time that the log took to make a batch durable.", ops::kLatency,
                    probe.append_micros);
  metrics.histogram("doorbuster_cell_wait_seconds",
                    "Time from the first decision of a batch until the log was free to take the batch.", ops::kLatency,
                    probe.wait_micros);
  metrics.histogram("doorbuster_cell_batch_events", "Events of a batch.", ops::kBatchSizes, probe.batch_events);
}

}  // namespace doorbuster::cell
