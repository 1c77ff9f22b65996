// How a machine comes back: the newest snapshot, then every batch behind it.
#pragma once

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/bug_zoo.h"
#include "cell/frames.h"
#include "cell/machine.h"
#include "log/log.h"

namespace doorbuster::cell {

// What an opened log says of the batch that was in flight when the store did not know.
enum class Resumed : uint8_t {
  kDurable,      // it is there: acknowledged, and the cell lives on
  kAppendAgain,  // it is not there, and never will be: the cell lives on, and appends it again by its new epoch
  kReplay,       // the log has gone on without us, or there was none: only a replay tells
};
inline constexpr std::array<std::string_view, 3> kResumedNames = {"durable", "append again", "replayed"};

struct Recovered {
  log::Lease lease;
  Resumed resumed = Resumed::kReplay;
  Sequence snapshot_at;   // 0: replayed from the first event
  uint64_t replayed = 0;  // events
  Timestamp last_time;    // of the last frame, 0 if there is none
};

// Brings a fresh machine to the snapshot. After an error the machine is of no use.
template <Machine M>
[[nodiscard]] Result<void> load_snapshot(log::SnapshotReader& reader, M& machine) {
  const log::SnapshotHead& head = reader.head();
  const auto refuse = [](const std::string& what) { return fail(ErrorCode::kInvalid, "the snapshot is of " + what); };
  if (head.kind != log::MachineKind(M::kKind)) return refuse("another machine: " + std::string(head.kind.word()));
  // What version 0 is of, the state itself has to say.
  if (head.version != 0 && head.version != M::kSnapshotVersion) {
    return refuse("version " + std::to_string(head.version) + ", this program has version " +
                  std::to_string(M::kSnapshotVersion));
  }
  Result<void> loaded;
  std::vector<std::byte> part;
  while (loaded && TRY(reader.next(part))) loaded = machine.load_part(part);
  if (loaded) loaded = machine.finish_load();
  if (loaded) return {};
  return fail(loaded.error().code, "the snapshot could not be loaded: " + loaded.error().message);
}

// Brings `machine` to the newest snapshot, or sets one that is of no use aside and leaves the machine fresh: the log
// alone gives the same state. Only a snapshot that the log is too short for stays an error.
template <Machine M, class Make>
[[nodiscard]] Result<void> begin_with_snapshot(log::Log& log, Recovered& recovered, const Make& make,
                                               std::unique_ptr<M>& machine) {
  machine = make();
  const CellId cell = recovered.lease.cell;
  const auto found = log.read_snapshot(cell);
  if (found && *found == nullptr) return {};
  if (found && (*found)->head().at > recovered.lease.tail) {
    return fail(ErrorCode::kCorrupt, "the snapshot is of event " + std::to_string((*found)->head().at.value()) +
                                         ", but the log ends at " + std::to_string(recovered.lease.tail.value()) +
                                         ": the end of the log is missing");
  }
  const Result<void> loaded = found ? load_snapshot(**found, *machine) : tl::unexpected(found.error());
  if (loaded) {
    recovered.snapshot_at = (*found)->head().at;
    recovered.last_time = (*found)->head().time;
    return {};
  }
  if (loaded.error().code == ErrorCode::kUnavailable) return loaded;
  machine = make();
  return log.set_aside_snapshot(cell, loaded.error().message);
}

// Brings a machine that make() makes to the end of its log, which has been opened. Deadlines are not armed yet. kLimit
// if the configured limits are too low for what there is; a later start with higher ones finds all of it.
template <Machine M, class Make>
[[nodiscard]] Result<Recovered> replay_log(log::Log& log, const log::Lease& lease, const Make& make,
                                           std::unique_ptr<M>& machine) {
  Recovered recovered{.lease = lease, .resumed = Resumed::kReplay, .snapshot_at = {}, .replayed = 0, .last_time = {}};
  TRY(begin_with_snapshot(log, recovered, make, machine));
  Result<void> applied;
  TRY(log.read(lease.cell, log::MachineKind(M::kKind), recovered.snapshot_at + 1, [&](const log::Batch& batch) {
    applied = for_each_frame(batch.payload, [&](Timestamp at, uint32_t count, Bytes events) {
      recovered.last_time = std::max(recovered.last_time, at);
      recovered.replayed += count;
      const bool is_last = log::last_of(batch) == lease.tail;
      if (is_last && bug_planted(Bug::kReplaySkipsLastBatch)) return Result<void>();
      return machine->apply(events, at);
    });
    return applied.has_value();
  }));
  TRY(applied);
  if (recovered.snapshot_at.value() + recovered.replayed != lease.tail.value()) {
    return fail(ErrorCode::kCorrupt,
                "the log holds " + std::to_string(recovered.snapshot_at.value() + recovered.replayed) +
                    " events, but its last batch says " + std::to_string(recovered.lease.tail.value()));
  }
  TRY(machine->check_limits());
  return recovered;
}

}  // namespace doorbuster::cell
