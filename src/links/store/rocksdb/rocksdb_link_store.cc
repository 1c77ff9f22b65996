#include "links/store/rocksdb/rocksdb_link_store.h"

#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/options.h>
#include <rocksdb/table.h>
#include <rocksdb/write_batch.h>

#include <map>
#include <string>

namespace doorbuster::links {
namespace {

constexpr size_t kMebibyte = size_t{1} << 20;
// A look for a code that nobody has reads a table in a hundred for nothing.
constexpr double kFilterBitsAKey = 10;

rocksdb::Slice slice(std::string_view text) { return {text.data(), text.size()}; }
rocksdb::Slice slice(const std::vector<std::byte>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// What keys begin with: a link's with its shard, a place's with a byte behind all shards, and that of a channel with
// the next one, the sale and a zero, which no sale's id has.
constexpr std::string_view kPlacesBegin("\x10", 1);
constexpr std::string_view kSalesBegin("\x11", 1);
constexpr std::string_view kSalesEnd("\x12", 1);
static_assert(kPlacesBegin.front() == kShards);

std::string key_of(std::string_view code) {
  std::string key(1, static_cast<char>(shard_of(code)));
  return key.append(code);
}

// Big-endian, so that RocksDB's order of bytes is that of places.
std::string key_of(std::string_view prefix, const Place& place) {
  std::string key(prefix);
  for (const uint64_t part : {static_cast<uint64_t>(place.created_at.micros()), place.number}) {
    for (size_t i = sizeof part; i-- > 0;) key += static_cast<char>(part >> (8 * i));
  }
  return key;
}

std::string places_of(std::string_view sale) { return std::string(kSalesBegin).append(sale).append(1, '\0'); }

// When what stands at a place was made.
Timestamp made_at(std::string_view place) {
  uint64_t micros = 0;
  for (const char byte : place.substr(0, sizeof micros)) micros = micros << 8 | static_cast<uint8_t>(byte);
  return Timestamp::from_micros(static_cast<int64_t>(micros));
}

rocksdb::Options options_of(size_t cache_bytes) {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = rocksdb::NewLRUCache(cache_bytes);
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(kFilterBitsAKey));
  table.data_block_index_type = rocksdb::BlockBasedTableOptions::kDataBlockBinaryAndHash;
  rocksdb::Options options;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
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
  return options;
}

}  // namespace

class RocksdbLinkStore::Ahead {
 public:
  using Seen = std::optional<Link>;
  [[nodiscard]] const Seen* find(std::string_view code) const {
    const auto found = links_.find(code);
    return found == links_.end() ? nullptr : &found->second;
  }
  void put(const std::string& code, Seen link) { links_[code] = std::move(link); }

 private:
  std::map<std::string, Seen, std::less<>> links_;
};

// Each link has two keys.
Result<void> RocksdbLinkStore::open() {
  ASSERT(db_ == nullptr);
  std::error_code error;
  std::filesystem::create_directories(options_.folder, error);
  rocksdb::DB* db = nullptr;
  const rocksdb::Status status = rocksdb::DB::Open(options_of(options_.cache_bytes), options_.folder.string(), &db);
  if (!status.ok()) {
    const bool is_used = status.ToString().find("lock") != std::string::npos;
    const ErrorCode code = is_used                 ? ErrorCode::kUnavailable
                           : status.IsCorruption() ? ErrorCode::kCorrupt
                                                   : ErrorCode::kIo;
    return fail(code, options_.folder.string() + ": " + status.ToString());
  }
  db_.reset(db);
  uint64_t keys = 0;
  if (db_->GetIntProperty(rocksdb::DB::Properties::kEstimateNumKeys, &keys)) size_ = keys / 2;
  is_open_.store(true, std::memory_order_release);
  return {};
}

RocksdbLinkStore::RocksdbLinkStore(Options options) : options_(std::move(options)) {}
RocksdbLinkStore::~RocksdbLinkStore() = default;

tl::unexpected<Error> RocksdbLinkStore::as_error(std::string_view what, const std::string& status) const {
  return fail(ErrorCode::kIo, options_.folder.string() + ": " + std::string(what) + ": " + status);
}

LinkStore::Cache RocksdbLinkStore::cache() const {
  Cache cache;
  if (!is_open_.load(std::memory_order_acquire)) return cache;
  (void)db_->GetIntProperty(rocksdb::DB::Properties::kBlockCacheUsage, &cache.bytes);
  (void)db_->GetIntProperty(rocksdb::DB::Properties::kBlockCacheCapacity, &cache.bytes_max);
  return cache;
}

Result<std::optional<Link>> RocksdbLinkStore::find(std::string_view code) const {
  rocksdb::PinnableSlice stored;
  const rocksdb::Status status = db_->Get({}, db_->DefaultColumnFamily(), slice(key_of(code)), &stored);
  if (status.IsNotFound()) return std::nullopt;
  if (!status.ok()) return as_error("a link can't be read", status.ToString());
  return TRY(decode_link(code, as_bytes(std::string_view(stored.data(), stored.size()))));
}

Result<Change::Outcome> RocksdbLinkStore::add(const Change& change, rocksdb::WriteBatch& batch, Ahead& ahead) {
  using Outcome = Change::Outcome;
  const Link& link = change.link;
  const auto* seen = ahead.find(link.code);
  const std::optional<Link> before = seen != nullptr ? *seen : TRY(find(link.code));
  const bool is_claim = change.kind == Change::Kind::kClaim;
  if (is_claim && before) return Outcome::kTaken;
  if (!is_claim && !before) return Outcome::kMissing;
  if (!is_claim && before->version + 1 != link.version) return Outcome::kOutdated;
  rocksdb::Status status;
  if (change.kind == Change::Kind::kErase) {
    status = batch.Delete(slice(key_of(link.code)));
    if (status.ok()) status = batch.Delete(slice(key_of(kPlacesBegin, place_of(*before))));
    if (status.ok() && !before->sale.empty())
      status = batch.Delete(slice(key_of(places_of(before->sale), place_of(*before))));
  } else {
    status = batch.Put(slice(key_of(link.code)), slice(encode_link(link)));
    if (status.ok() && is_claim) status = batch.Put(slice(key_of(kPlacesBegin, place_of(link))), slice(link.code));
    if (status.ok() && is_claim && !link.sale.empty())
      status = batch.Put(slice(key_of(places_of(link.sale), place_of(link))), slice(link.code));
  }
  if (!status.ok()) return as_error("a change can't be written", status.ToString());
  ahead.put(link.code, change.kind == Change::Kind::kErase ? std::nullopt : std::optional(link));
  return Outcome::kDone;
}

Result<void> RocksdbLinkStore::change(std::span<Change> changes) {
  rocksdb::WriteBatch batch;
  Ahead ahead;
  int64_t more = 0;
  for (Change& one : changes) {
    one.outcome = TRY(add(one, batch, ahead));
    if (one.outcome != Change::Outcome::kDone) continue;
    more += one.kind == Change::Kind::kClaim ? 1 : one.kind == Change::Kind::kErase ? -1 : 0;
  }
  if (batch.Count() == 0) return {};
  rocksdb::WriteOptions options;
  options.sync = true;
  const rocksdb::Status status = db_->Write(options, &batch);
  if (!status.ok()) return as_error("changes of links can't be made durable", status.ToString());
  size_.fetch_add(static_cast<uint64_t>(more), std::memory_order_relaxed);
  return {};
}

Result<std::vector<Link>> RocksdbLinkStore::list_behind(const std::string& prefix, const Place& before,
                                                        size_t limit) const {
  const std::string end = key_of(prefix, before);
  const rocksdb::Slice begin_slice = slice(prefix);
  const rocksdb::Slice end_slice = slice(end);
  rocksdb::ReadOptions read;
  read.iterate_lower_bound = &begin_slice;
  read.iterate_upper_bound = &end_slice;
  const std::unique_ptr<rocksdb::Iterator> at(db_->NewIterator(read));
  std::vector<Link> links;
  for (at->SeekToLast(); at->Valid() && links.size() < limit; at->Prev()) {
    if (auto link = TRY(find(std::string_view(at->value().data(), at->value().size()))))
      links.push_back(std::move(*link));
  }
  if (!at->status().ok()) return as_error("links can't be listed", at->status().ToString());
  return links;
}

Result<std::vector<Link>> RocksdbLinkStore::list(const Place& before, size_t limit) const {
  return list_behind(std::string(kPlacesBegin), before, limit);
}

Result<std::vector<Link>> RocksdbLinkStore::list_of_sale(std::string_view sale, const Place& before,
                                                         size_t limit) const {
  return list_behind(places_of(sale), before, limit);
}

// One look a sale: behind its first place comes the next sale's.
Result<std::map<std::string, Timestamp>> RocksdbLinkStore::sales() const {
  const rocksdb::Slice end = slice(kSalesEnd);
  rocksdb::ReadOptions read;
  read.iterate_upper_bound = &end;
  const std::unique_ptr<rocksdb::Iterator> at(db_->NewIterator(read));
  std::map<std::string, Timestamp> sales;
  for (at->Seek(slice(kSalesBegin)); at->Valid();) {
    const std::string_view key(at->key().data() + 1, at->key().size() - 1);
    const std::string sale(key.substr(0, key.find('\0')));
    sales.emplace(sale, made_at(key.substr(sale.size() + 1)));
    at->Seek(slice(std::string(kSalesBegin).append(sale).append(1, '\1')));
  }
  if (!at->status().ok()) return as_error("the sales with channels can't be listed", at->status().ToString());
  return sales;
}

}  // namespace doorbuster::links
