#include "log/rocksdb/batch_store.h"

#include <rocksdb/db.h>
#include <rocksdb/options.h>
#include <rocksdb/sst_partitioner.h>
#include <rocksdb/table.h>
#include <rocksdb/write_batch.h>

#include <algorithm>
#include <array>
#include <limits>

#include "base/bug_zoo.h"
#include "log/rocksdb/end_process.h"
#include "log/rocksdb/preallocated_logs.h"

namespace doorbuster::log {
namespace {

constexpr size_t kMebibyte = size_t{1} << 20;
constexpr size_t kBytesARecord = 32;  // what RocksDB adds to key and value, at most
constexpr uint64_t kBytesWorthATable = 4 * kMebibyte;
constexpr size_t kFilesWorthATable = 16;

// Big-endian, so that RocksDB's order of bytes is the order of events: cell (4), kind (1), first event (8).
using Key = std::array<char, 13>;
constexpr size_t kKindEnd = 5;  // in a file's keys so much is the same: then batches are in files of their own
constexpr char kBatchKind = 'b';
constexpr char kEpochKind = 'e';
constexpr char kOwnerKind = 'o';
static_assert(kBatchKind < kEpochKind && kEpochKind < kOwnerKind);  // cells() leaps from epoch to epoch

template <std::unsigned_integral T>
void put_big_endian(char* out, T value) {
  for (size_t i = 0; i < sizeof value; ++i) out[i] = static_cast<char>(value >> (8 * (sizeof value - 1 - i)));
}

Key make_key(CellId cell, char kind, uint64_t number) {
  Key key{};
  put_big_endian(key.data(), cell.value());
  key[4] = kind;
  put_big_endian(key.data() + 5, number);
  return key;
}

Key key_of(const rocksdb::Slice& stored) {
  ASSERT(stored.size() == sizeof(Key));
  Key key{};
  std::copy_n(stored.data(), key.size(), key.begin());
  return key;
}

uint64_t number_in(const Key& key, size_t from, size_t bytes) {
  uint64_t number = 0;
  for (const char byte : std::string_view(key.data() + from, bytes)) {
    number = (number << 8) | static_cast<unsigned char>(byte);
  }
  return number;
}

rocksdb::Slice slice(const Key& key) { return {key.data(), key.size()}; }
rocksdb::Slice slice(Bytes bytes) { return {as_text(bytes).data(), bytes.size()}; }
Bytes bytes_of(const rocksdb::Slice& slice) { return as_bytes(std::string_view(slice.data(), slice.size())); }

tl::unexpected<Error> as_error(const std::filesystem::path& folder, const rocksdb::Status& status) {
  const bool damaged = status.IsCorruption() || status.IsInvalidArgument() || status.IsPathNotFound();
  return fail(damaged ? ErrorCode::kCorrupt : ErrorCode::kIo, folder.string() + ": " + status.ToString());
}

rocksdb::BlockBasedTableOptions table_options() {
  rocksdb::BlockBasedTableOptions table;
  table.block_size = 64 * 1024;  // a batch is kilobytes already, and is read in order
  table.no_block_cache = true;   // nobody reads a batch twice
  return table;
}

// docs/decisions/0010-rocksdb-settings.md says what each was measured against.
rocksdb::Options options(bool create) {
  rocksdb::Options options;
  options.env = &environment_with_preallocated_logs();
  options.create_if_missing = create;
  options.compression = rocksdb::kNoCompression;
  options.write_buffer_size = 16 * kMebibyte;
  options.max_write_buffer_number = 4;
  options.target_file_size_base = 256 * kMebibyte;
  options.max_bytes_for_level_base = 1024 * kMebibyte;
  options.level0_slowdown_writes_trigger = 1000;  // files of a log do not overlap: many of them slow nobody down
  options.level0_stop_writes_trigger = 2000;
  options.sst_partitioner_factory = rocksdb::NewSstPartitionerFixedPrefixFactory(kKindEnd);
  options.max_open_files = 256;  // a start opens none that it does not read, however many there are
  options.max_background_jobs = 2;
  options.avoid_flush_during_recovery = true;
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kPointInTimeRecovery;
  options.track_and_verify_wals_in_manifest = true;
  options.keep_log_file_num = 4;
  options.info_log_level = rocksdb::InfoLogLevel::WARN_LEVEL;
  options.stats_dump_period_sec = 0;
  options.stats_persist_period_sec = 0;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table_options()));
  return options;
}

}  // namespace

Result<std::unique_ptr<BatchStore>> BatchStore::open(const std::filesystem::path& folder, bool create) {
  rocksdb::DB* db = nullptr;
  const rocksdb::Status status = rocksdb::DB::Open(options(create), folder.string(), &db);
  if (!status.ok()) return as_error(folder, status);
  return std::unique_ptr<BatchStore>(new BatchStore(folder, std::unique_ptr<rocksdb::DB>(db)));
}

BatchStore::BatchStore(std::filesystem::path folder, std::unique_ptr<rocksdb::DB> db)
    : folder_(std::move(folder)), db_(std::move(db)) {}

// An orderly end leaves a table instead of a write-ahead log that the next start would have to read, and to keep in
// memory; each start begins another file of it, which each later one syncs and reads. Nothing depends on the table:
// what is not written here is in the write-ahead log still.
BatchStore::~BatchStore() {
  uint64_t bytes = 0;
  rocksdb::VectorLogPtr files;
  const bool is_known =
      db_->GetIntProperty(rocksdb::DB::Properties::kCurSizeAllMemTables, &bytes) && db_->GetSortedWalFiles(files).ok();
  if (!is_known || (bytes < kBytesWorthATable && files.size() < kFilesWorthATable)) return;
  (void)db_->Flush(rocksdb::FlushOptions());
}

void BatchStore::write(rocksdb::WriteBatch& batch, bool sync) {
  rocksdb::WriteOptions options;
  options.sync = sync;
  const rocksdb::Status status = db_->Write(options, &batch);
  if (!status.ok()) end_for_failed_write(folder_.string(), status.ToString(), status.IsNoSpace());
}

void BatchStore::put_batches(std::span<const Put> batches) {
  size_t bytes = 0;
  for (const Put& put : batches) bytes += put.stored.size() + sizeof(Key) + kBytesARecord;
  rocksdb::WriteBatch together(bytes + kBytesARecord);
  for (const Put& put : batches) {
    const rocksdb::Status added =
        together.Put(slice(make_key(put.cell, kBatchKind, put.first.value())), slice(put.stored));
    ASSERT(added.ok());
  }
  write(together, !bug_planted(Bug::kAcknowledgeBeforeSync));
}

void BatchStore::put_epoch(CellId cell, Epoch epoch, const Opener& opener) {
  const uint64_t value = epoch.value();
  const std::vector<std::byte> owner = encode_owner(opener);
  rocksdb::WriteBatch both;
  const auto put = [&](char kind, Bytes stored) {
    ASSERT(both.Put(slice(make_key(cell, kind, 0)), slice(stored)).ok());
  };
  put(kEpochKind, std::as_bytes(std::span(&value, 1)));
  put(kOwnerKind, owner);
  write(both, true);
}

Result<std::optional<std::string>> BatchStore::find(const rocksdb::Slice& key) const {
  std::string value;
  const rocksdb::Status status = db_->Get({}, key, &value);
  if (status.IsNotFound()) return std::nullopt;
  if (!status.ok()) return as_error(folder_, status);
  return value;
}

Result<Epoch> BatchStore::epoch(CellId cell) const {
  const auto value = TRY(find(slice(make_key(cell, kEpochKind, 0))));
  if (!value) return Epoch();
  ByteReader reader(as_bytes(*value));
  const Epoch epoch(reader.integer<uint64_t>());
  if (!reader.finished()) return fail(ErrorCode::kCorrupt, folder_.string() + ": the stored epoch is not eight bytes");
  return epoch;
}

Result<std::optional<OwnerRecord>> BatchStore::owner(CellId cell) const {
  const auto value = TRY(find(slice(make_key(cell, kOwnerKind, 0))));
  if (!value) return std::nullopt;
  auto owner = decode_owner(as_bytes(*value));
  if (owner) return owner;
  return fail(ErrorCode::kCorrupt, folder_.string() + ": who owns cell " + std::to_string(cell.value()) +
                                       " is stored, but not as it was written");
}

Result<std::vector<CellId>> BatchStore::cells() const {
  std::vector<CellId> found;
  const std::unique_ptr<rocksdb::Iterator> iterator(db_->NewIterator({}));
  uint64_t next = 0;
  while (next <= std::numeric_limits<uint32_t>::max()) {
    iterator->Seek(slice(make_key(CellId(static_cast<uint32_t>(next)), kEpochKind, 0)));
    if (!iterator->Valid()) break;
    const Key key = key_of(iterator->key());
    const auto cell = static_cast<uint32_t>(number_in(key, 0, 4));
    // What lies between two epochs is a cell's owner, or the next cell's batches.
    if (key[4] == kEpochKind) found.emplace_back(cell);
    next = key[4] < kEpochKind ? cell : uint64_t{cell} + 1;
  }
  if (!iterator->status().ok()) return as_error(folder_, iterator->status());
  return found;
}

struct BatchStore::Cursor::Bounds {
  explicit Bounds(CellId cell)
      : from(make_key(cell, kBatchKind, 0)), to(make_key(cell, kBatchKind, std::numeric_limits<uint64_t>::max())) {}
  rocksdb::ReadOptions options() {
    rocksdb::ReadOptions read;
    read.iterate_lower_bound = &from_slice;
    read.iterate_upper_bound = &to_slice;
    read.readahead_size = 2 * kMebibyte;
    read.fill_cache = false;
    return read;
  }
  const Key from;
  const Key to;
  const rocksdb::Slice from_slice = slice(from);
  const rocksdb::Slice to_slice = slice(to);
};

BatchStore::Cursor::Cursor(const BatchStore& store, CellId cell)
    : cell_(cell), bounds_(std::make_unique<Bounds>(cell)), iterator_(store.db_->NewIterator(bounds_->options())) {}

BatchStore::Cursor::~Cursor() = default;

void BatchStore::Cursor::to_first() { iterator_->SeekToFirst(); }
void BatchStore::Cursor::to_at_or_before(Sequence at) {
  iterator_->SeekForPrev(slice(make_key(cell_, kBatchKind, at.value())));
}
void BatchStore::Cursor::next() { iterator_->Next(); }
void BatchStore::Cursor::previous() { iterator_->Prev(); }
bool BatchStore::Cursor::valid() const { return iterator_->Valid(); }

Sequence BatchStore::Cursor::first() const {
  return Sequence(number_in(key_of(iterator_->key()), 5, sizeof(uint64_t)));
}

Bytes BatchStore::Cursor::stored() const { return bytes_of(iterator_->value()); }

Result<void> BatchStore::Cursor::status() const {
  if (iterator_->status().ok()) return {};
  return as_error("the log", iterator_->status());
}

}  // namespace doorbuster::log
