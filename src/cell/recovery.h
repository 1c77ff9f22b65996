// How a machine comes back: the newest snapshot, then every batch behind it.
#pragma once

#include <optional>
#include <string>

#include "base/bug_zoo.h"
#include "cell/frames.h"
#include "log/log.h"

namespace doorbuster::cell {

struct Recovered {
  log::Lease lease;
  Sequence snapshot_at;   // 0: replayed from the first event
  uint64_t replayed = 0;  // events
  Timestamp last_time;    // of the last frame, 0 if there is none
};

// Opens the log (fencing every other owner) and brings a fresh machine to its end. Deadlines are not armed yet.
template <class Machine>
[[nodiscard]] Result<Recovered> replay_log(log::Log& log, CellId cell, Machine& machine) {
  Recovered recovered{.lease = TRY(log.open(cell)), .snapshot_at = {}, .replayed = 0, .last_time = {}};
  if (const auto snapshot = TRY(log.load_snapshot(cell))) {
    if (snapshot->at > recovered.lease.tail) {
      return fail(ErrorCode::kCorrupt, "the snapshot is of event " + std::to_string(snapshot->at.value()) +
                                           ", but the log ends at " + std::to_string(recovered.lease.tail.value()) +
                                           ": the end of the log is missing");
    }
    TRY(machine.load(snapshot->state));
    recovered.snapshot_at = snapshot->at;
    recovered.last_time = snapshot->time;
  }
  Result<void> applied;
  TRY(log.read(cell, recovered.snapshot_at + 1, [&](const log::Batch& batch) {
    applied = for_each_frame(batch.payload, [&](Timestamp at, uint32_t count, Bytes events) {
      recovered.last_time = std::max(recovered.last_time, at);
      recovered.replayed += count;
      const bool is_last = batch.first + (batch.count - 1) == recovered.lease.tail;
      if (is_last && bug_planted(Bug::kReplaySkipsLastBatch)) return Result<void>();
      return machine.apply(events, at);
    });
    return applied.has_value();
  }));
  TRY(applied);
  if (recovered.snapshot_at.value() + recovered.replayed != recovered.lease.tail.value()) {
    return fail(ErrorCode::kCorrupt,
                "the log holds " + std::to_string(recovered.snapshot_at.value() + recovered.replayed) +
                    " events, but its last batch says " + std::to_string(recovered.lease.tail.value()));
  }
  return recovered;
}

}  // namespace doorbuster::cell
