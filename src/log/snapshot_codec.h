// The stored form of a snapshot, version 1: a header of fixed size, the state, a CRC-32C over both. docs/formats/log.md
// has the bytes. Header and trailer are made apart from the state, so that a state of a gigabyte is written without a
// copy of it.
#pragma once

#include "log/log.h"

namespace doorbuster::log {

inline constexpr uint16_t kSnapshotVersion = 1;
inline constexpr size_t kSnapshotHeaderBytes = 72;
inline constexpr size_t kSnapshotTrailerBytes = 4;

using SnapshotHeader = std::array<std::byte, kSnapshotHeaderBytes>;
using SnapshotTrailer = std::array<std::byte, kSnapshotTrailerBytes>;

[[nodiscard]] SnapshotHeader encode_snapshot_header(CellId cell, const Snapshot& snapshot);
[[nodiscard]] SnapshotTrailer encode_snapshot_trailer(const SnapshotHeader& header, Bytes state);

// Strict: exactly one whole snapshot of this cell. kCorrupt or kInvalid (a newer version) says what is wrong and what
// to do.
[[nodiscard]] Result<Snapshot> decode_snapshot(CellId cell, Bytes bytes);

}  // namespace doorbuster::log
