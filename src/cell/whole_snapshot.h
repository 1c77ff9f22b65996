// A machine's whole state in one piece, on its way to the log.
#pragma once

#include <algorithm>
#include <vector>

#include "log/log.h"

namespace doorbuster::cell {

struct WholeSnapshot {
  log::SnapshotHead head;
  std::vector<std::byte> state;
};

[[nodiscard]] inline Result<void> save(log::Log& log, const log::Lease& lease, const WholeSnapshot& snapshot) {
  const auto writer = TRY(log.write_snapshot(lease, snapshot.head));
  for (Bytes left = snapshot.state; !left.empty();) {
    const Bytes part = left.first(std::min(left.size(), log::kSnapshotPartBytesMax));
    TRY(writer->add(part));
    left = left.subspan(part.size());
  }
  return writer->commit();
}

}  // namespace doorbuster::cell
