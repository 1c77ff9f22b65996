// What the databases of short links have in common: how they are set up and opened.
#pragma once

#include <rocksdb/db.h>
#include <rocksdb/options.h>

#include <filesystem>
#include <memory>

#include "base/result.h"

namespace doorbuster::links {

// Opens a database, and makes it with its folder if it is not there; `options` are given some bounds and a cache.
// kUnavailable: another server uses it; kCorrupt, kIo: why it can't be used.
[[nodiscard]] Result<std::unique_ptr<rocksdb::DB>> open_database(const std::filesystem::path& folder,
                                                                 rocksdb::Options options, size_t cache_bytes);

}  // namespace doorbuster::links
