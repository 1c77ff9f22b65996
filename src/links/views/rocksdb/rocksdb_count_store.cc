#include "links/views/rocksdb/rocksdb_count_store.h"

#include <rocksdb/convenience.h>
#include <rocksdb/merge_operator.h>
#include <rocksdb/write_batch.h>

#include <array>
#include <span>

#include "base/varint.h"
#include "links/store/rocksdb/database.h"
#include "links/store/rocksdb/keys.h"

namespace doorbuster::links {

using namespace rocksdb_keys;

namespace {

// What keys begin with.
constexpr std::string_view kHeadKey("\x00", 1);
constexpr std::string_view kRecordsBegin("\x01", 1);
constexpr std::string_view kRecordsEnd("\x02", 1);
// A link that is followed all the time gets something to add with each write: so many are added before it gets more.
constexpr size_t kPartsAtOnceMax = 8;
// So many are added by who reads, of some writes and of files that RocksDB has not put together yet.
constexpr int kPartsReadMax = 24;

std::string key_of_record(uint64_t link) { return std::string(kRecordsBegin) + big_endian(link); }

Bytes bytes_of(const rocksdb::Slice& stored) { return as_bytes(std::string_view(stored.data(), stored.size())); }

std::vector<std::byte> encode_head(const CountStore::Head& head) {
  std::vector<std::byte> stored;
  ByteWriter writer(stored);
  writer.integer(head.generation);
  write_varint(writer, head.heard.value());
  write_tally(writer, head.total);
  return stored;
}

std::string text_of_record(const CountRecord& record) { return std::string(as_text(encode_record(record))); }

// Adds parts to a record. What can't be read is an error of that record, which RocksDB tells whoever reads it.
class AddParts final : public rocksdb::MergeOperator {
 public:
  [[nodiscard]] const char* Name() const override { return "doorbuster links counts 1"; }

  bool FullMergeV2(const MergeOperationInput& in, MergeOperationOutput* out) const override {
    CountRecord sum;
    if (in.existing_value != nullptr) {
      auto base = decode_record(bytes_of(*in.existing_value));
      if (!base) return false;
      sum = *std::move(base);
    }
    for (const rocksdb::Slice& stored : in.operand_list) {
      const auto part = decode_record(bytes_of(stored));
      if (!part || !part->counts.can_be_added()) return false;
      sum += *part;
    }
    out->new_value = text_of_record(sum);
    return true;
  }

  // Parts without their record: only while their sum can be added, too. False leaves them as they are.
  bool PartialMergeMulti(const rocksdb::Slice&, const std::deque<rocksdb::Slice>& parts, std::string* sum_text,
                         rocksdb::Logger*) const override {
    CountRecord sum;
    for (const rocksdb::Slice& stored : parts) {
      const auto part = decode_record(bytes_of(stored));
      if (!part) return false;
      sum += *part;
      if (!sum.counts.can_be_added()) return false;
    }
    *sum_text = text_of_record(sum);
    return true;
  }
};

rocksdb::Options count_options() {
  rocksdb::Options options;
  options.merge_operator = std::make_shared<AddParts>();
  options.max_successive_merges = kPartsAtOnceMax;
  options.level_compaction_dynamic_level_bytes = true;
  options.memtable_whole_key_filtering = true;
  options.memtable_prefix_bloom_size_ratio = 0.05;
  return options;
}

}  // namespace

RocksdbCountStore::RocksdbCountStore(Options options) : options_(std::move(options)) {}
RocksdbCountStore::~RocksdbCountStore() = default;

tl::unexpected<Error> RocksdbCountStore::as_error(const std::string& what, const std::string& status) const {
  return fail(ErrorCode::kIo, options_.folder.string() + ": " + what + ": " + status +
                                  " (look at the disk; should it be well, stop the server and remove this folder: all "
                                  "clicks are counted again from the log, then)");
}

Result<CountStore::Head> RocksdbCountStore::open() {
  ASSERT(db_ == nullptr);
  const auto try_open = [&] { return open_database(options_.folder, count_options(), options_.cache_bytes); };
  auto opened = try_open();
  if (!opened && opened.error().code == ErrorCode::kCorrupt) {
    const std::filesystem::path aside = options_.folder.string() + ".set-aside";
    std::error_code error;
    std::filesystem::remove_all(aside, error);
    std::filesystem::rename(options_.folder, aside, error);
    options_.on_trouble("the counts of clicks are damaged, and all clicks are counted again from the log: " +
                        opened.error().message + " (they lie in " + aside.string() + " now)");
    opened = try_open();
  }
  if (!opened) return tl::unexpected(opened.error());
  db_ = *std::move(opened);
  const Head head = TRY(read_head());
  is_open_.store(true, std::memory_order_release);
  return head;
}

Result<CountStore::Head> RocksdbCountStore::read_head() {
  std::string stored;
  const rocksdb::Status status = db_->Get({}, slice(kHeadKey), &stored);
  if (status.IsNotFound()) return clear();
  if (!status.ok()) return as_error("it can't be read", status.ToString());
  ByteReader reader(as_bytes(stored));
  Head head{.generation = reader.integer<uint64_t>(), .heard = Sequence(read_varint(reader)), .total = {}};
  head.total = read_tally(reader);
  return reader.finished() ? head : clear();
}

Result<void> RocksdbCountStore::write(std::span<const Change> changes, const Head& head, Durable durable) {
  rocksdb::WriteBatch batch;
  rocksdb::Status status;
  for (const Change& change : changes) {
    const std::string key = key_of_record(change.link);
    if (change.is_gone && status.ok()) status = batch.Delete(slice(key));
    for (const CountRecord& part : change.parts) {
      if (status.ok()) status = batch.Merge(slice(key), slice(encode_record(part)));
    }
  }
  if (status.ok()) status = batch.Put(slice(kHeadKey), slice(encode_head(head)));
  rocksdb::WriteOptions write;
  write.sync = durable == Durable::kNow;
  if (status.ok()) status = db_->Write(write, &batch);
  if (!status.ok()) return as_error("counts of clicks can't be written", status.ToString());
  return {};
}

// Whole files first, which costs nothing; the rest is passed over until RocksDB has moved it.
Result<CountStore::Head> RocksdbCountStore::clear() {
  const rocksdb::Slice begin = slice(kRecordsBegin);
  const rocksdb::Slice end = slice(kRecordsEnd);
  rocksdb::Status status = rocksdb::DeleteFilesInRange(db_.get(), db_->DefaultColumnFamily(), &begin, &end, false);
  if (status.ok()) status = db_->DeleteRange({}, db_->DefaultColumnFamily(), begin, end);
  if (!status.ok()) return as_error("counts of clicks can't be forgotten", status.ToString());
  const Head head = new_head();
  TRY(write({}, head, Durable::kNow));
  return head;
}

// The record and what is to be added to it as they are: RocksDB would write their sum down, to be read once more.
Result<std::optional<CountRecord>> RocksdbCountStore::find(uint64_t link) const {
  const std::string key = key_of_record(link);
  std::array<rocksdb::PinnableSlice, kPartsReadMax> parts;
  rocksdb::GetMergeOperandsOptions options;
  options.expected_max_number_of_operands = kPartsReadMax;
  int count = 0;
  rocksdb::Status status =
      db_->GetMergeOperands({}, db_->DefaultColumnFamily(), slice(key), parts.data(), &options, &count);
  if (status.IsIncomplete()) {
    count = 1;
    parts[0].Reset();
    status = db_->Get({}, db_->DefaultColumnFamily(), slice(key), parts.data());
  }
  if (status.IsNotFound() || (status.ok() && count == 0)) return std::nullopt;
  if (!status.ok()) return as_error("what was counted of a link can't be read", status.ToString());
  CountRecord sum = TRY(decode_record(bytes_of(parts[0])));
  for (const auto& part : std::span(parts).subspan(1, static_cast<size_t>(count) - 1))
    sum += TRY(decode_record(bytes_of(part)));
  return sum;
}

Result<std::vector<RecordTotal>> RocksdbCountStore::find_totals(std::span<const uint64_t> links) const {
  std::vector<std::string> keys;
  for (const uint64_t link : links) keys.push_back(key_of_record(link));
  const std::vector<rocksdb::Slice> slices(keys.begin(), keys.end());
  std::vector<std::string> stored;
  const std::vector<rocksdb::Status> statuses = db_->MultiGet({}, slices, &stored);
  std::vector<RecordTotal> totals(links.size());
  for (size_t i = 0; i < links.size(); ++i) {
    if (statuses[i].IsNotFound()) continue;
    if (!statuses[i].ok()) return as_error("what was counted of links can't be read", statuses[i].ToString());
    totals[i] = TRY(decode_total(as_bytes(stored[i])));
  }
  return totals;
}

CountStore::Usage RocksdbCountStore::usage() const {
  if (!is_open_.load(std::memory_order_acquire)) return {};
  const auto property = [&](const std::string& name) {
    uint64_t value = 0;
    return db_->GetIntProperty(name, &value) ? value : 0;
  };
  using Properties = rocksdb::DB::Properties;
  return {.links = property(Properties::kEstimateNumKeys),
          .memory_bytes = property(Properties::kCurSizeAllMemTables) + property(Properties::kBlockCacheUsage) +
                          property(Properties::kEstimateTableReadersMem),
          .disk_bytes = property(Properties::kTotalSstFilesSize)};
}

}  // namespace doorbuster::links
