// An environment for RocksDB whose log files are written before they are needed.
//
// A log that grows changes its size with every batch, so that every sync also commits the file system's journal. Where
// zeros lie already, only the batch itself is written. RocksDB reads zeros as the end of a log, and cuts them off when
// it closes one. docs/decisions/0010-rocksdb-settings.md has the measurements.
#pragma once

#include <cstddef>

namespace rocksdb {
class Env;
}

namespace doorbuster::log {

// How many bytes of zeros are written at once: the sync that carries them takes as much longer.
inline constexpr size_t kPreallocatedBytes = size_t{1} << 20;

// RocksDB's usual environment, but for what it does with files named *.log. Lives until the process ends, as a store
// may.
[[nodiscard]] rocksdb::Env& environment_with_preallocated_logs();

}  // namespace doorbuster::log
