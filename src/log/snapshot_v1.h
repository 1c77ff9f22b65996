// The stored form of a snapshot, version 1, which is read and no longer written: a header of fixed size, the state in
// one piece, a CRC-32C over both. docs/formats/log.md has the bytes.
#pragma once

#include "log/snapshot_codec.h"

namespace doorbuster::log {

inline constexpr uint16_t kSnapshotVersion1 = 1;

// Reads it once for its checksum, which is the only thing that vouches for the header too, and then gives it in parts.
[[nodiscard]] Result<std::unique_ptr<SnapshotReader>> decode_snapshot_v1(CellId cell,
                                                                         std::unique_ptr<StoredBytes> stored);

}  // namespace doorbuster::log
