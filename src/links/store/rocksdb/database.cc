#include "links/store/rocksdb/database.h"

#include <rocksdb/cache.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/table.h>

#include "log/rocksdb/preallocated_logs.h"

namespace doorbuster::links {
namespace {

constexpr size_t kMebibyte = size_t{1} << 20;
// A look for what is not there reads a table in a hundred for nothing.
constexpr double kFilterBitsAKey = 10;

}  // namespace

Result<std::unique_ptr<rocksdb::DB>> open_database(const std::filesystem::path& folder, rocksdb::Options options,
                                                   size_t cache_bytes) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = rocksdb::NewLRUCache(cache_bytes);
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(kFilterBitsAKey));
  table.data_block_index_type = rocksdb::BlockBasedTableOptions::kDataBlockBinaryAndHash;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  options.env = &log::environment_with_preallocated_logs();  // a sync is what a new link waits for
  options.create_if_missing = true;
  options.compression = rocksdb::kLZ4Compression;
  options.write_buffer_size = 32 * kMebibyte;
  options.max_background_jobs = 2;
  options.max_open_files = 512;
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kPointInTimeRecovery;
  options.keep_log_file_num = 4;
  options.info_log_level = rocksdb::InfoLogLevel::WARN_LEVEL;
  options.stats_dump_period_sec = 0;
  options.stats_persist_period_sec = 0;
  rocksdb::DB* db = nullptr;
  const rocksdb::Status status = rocksdb::DB::Open(options, folder.string(), &db);
  if (!status.ok()) {
    const bool is_used = status.ToString().find("lock") != std::string::npos;
    const ErrorCode code = is_used                 ? ErrorCode::kUnavailable
                           : status.IsCorruption() ? ErrorCode::kCorrupt
                                                   : ErrorCode::kIo;
    return fail(code, folder.string() + ": " + status.ToString());
  }
  return std::unique_ptr<rocksdb::DB>(db);
}

}  // namespace doorbuster::links
