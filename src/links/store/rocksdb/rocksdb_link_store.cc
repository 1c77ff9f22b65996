#include "links/store/rocksdb/rocksdb_link_store.h"

#include <rocksdb/write_batch.h>

#include <algorithm>
#include <map>
#include <string>

#include "links/store/rocksdb/database.h"
#include "links/store/rocksdb/keys.h"

namespace doorbuster::links {

using namespace rocksdb_keys;

namespace {

rocksdb::Options link_options() {
  rocksdb::Options options;
  // Each claim looks whether its code is free: mostly it is, and then the filter says so.
  options.memtable_prefix_bloom_size_ratio = 0.1;
  options.memtable_whole_key_filtering = true;
  return options;
}

}  // namespace

Result<void> RocksdbLinkStore::open() {
  ASSERT(db_ == nullptr);
  db_ = TRY(open_database(options_.folder, link_options(), options_.cache_bytes));
  size_ = TRY(stored_size());
  TRY(look_for_newest());
  is_open_.store(true, std::memory_order_release);
  return {};
}

RocksdbLinkStore::RocksdbLinkStore(Options options) : options_(std::move(options)), numbers_(options_.announcing) {}
RocksdbLinkStore::~RocksdbLinkStore() = default;

tl::unexpected<Error> RocksdbLinkStore::as_error(std::string_view what, const std::string& status) const {
  return fail(ErrorCode::kIo, options_.folder.string() + ": " + std::string(what) + ": " + status);
}

// Stores that were made before it was written down have two keys a link.
Result<uint64_t> RocksdbLinkStore::stored_size() const {
  if (const auto stored = TRY(get(std::string(kSizeKey), "how many links there are"))) return read_big_endian(*stored);
  uint64_t keys = 0;
  if (!db_->GetIntProperty(rocksdb::DB::Properties::kEstimateNumKeys, &keys)) keys = 0;
  return keys / 2;
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
  return TRY(decode_link(code, as_bytes(text_of(stored))));
}

// The links by the order of their keys, which costs RocksDB a third of what any other order does; then their places.
Result<int64_t> RocksdbLinkStore::add(const Together& together, const Ahead& ahead, rocksdb::WriteBatch& batch) const {
  std::vector<std::pair<std::string, const Change*>> by_key;
  for (const Change& change : together.changes) {
    if (change.outcome == Change::Outcome::kDone) by_key.emplace_back(key_of(change.link.code), &change);
  }
  std::ranges::stable_sort(by_key, {}, [](const auto& one) -> const std::string& { return one.first; });
  int64_t more = 0;
  rocksdb::Status status;
  for (auto at = by_key.begin(); at != by_key.end() && status.ok(); ++at) {
    const auto& [key, change] = *at;
    const bool is_erased = change->kind == Change::Kind::kErase;
    status = is_erased ? batch.Delete(slice(key)) : batch.Put(slice(key), slice(encode_link(change->link)));
    more += is_erased ? -1 : change->kind == Change::Kind::kClaim ? 1 : 0;
  }
  for (const Change& change : together.changes) {
    if (change.outcome != Change::Outcome::kDone || change.kind == Change::Kind::kReplace || !status.ok()) continue;
    const bool is_erased = change.kind == Change::Kind::kErase;
    const Link& link = is_erased ? ahead.erased_by(change) : change.link;
    const auto place = [&](const std::string& key) {
      if (status.ok()) status = is_erased ? batch.Delete(slice(key)) : batch.Put(slice(key), slice(link.code));
    };
    place(key_of(kPlacesBegin, place_of(link)));
    if (!link.sale.empty()) place(key_of(places_of(link.sale), place_of(link)));
    if (link.owner != 0) place(key_of(places_of_owner(link.owner), place_of(link)));
  }
  for (const auto& [spender, allowance] : ahead.allowances()) {
    if (allowance && status.ok())
      status = batch.Put(slice(key_of_usage(spender.first, spender.second)), big_endian(allowance->used));
  }
  if (!status.ok()) return as_error("changes can't be written", status.ToString());
  return more;
}

Result<void> RocksdbLinkStore::add(const Note& note, rocksdb::WriteBatch& batch) const {
  std::vector<std::byte> stored;
  ByteWriter writer(stored);
  writer.integer(note.fingerprint);
  writer.integer(note.at.micros());
  writer.raw(as_bytes(note.answer));
  rocksdb::Status status = batch.Put(slice(key_of_note(note.key)), slice(stored));
  if (status.ok()) status = batch.Put(slice(key_of(kNoteTimesBegin, {.created_at = note.at, .number = note.key})), {});
  if (!status.ok()) return as_error("a request can't be remembered", status.ToString());
  return {};
}

Result<void> RocksdbLinkStore::add_notes(std::span<const Change> changes, rocksdb::WriteBatch& batch) const {
  for (const Change& change : changes) {
    if (const auto note = note_of(change)) TRY(add(*note, batch));
  }
  return {};
}

// Of one that goes, too, unless another one has come into its place: whether its code was asked for nobody knows.
Result<void> RocksdbLinkStore::add_likenesses(std::span<const Change> changes, const Ahead& ahead,
                                              rocksdb::WriteBatch& batch) const {
  rocksdb::Status status;
  for (const Change& change : changes) {
    if (change.outcome != Change::Outcome::kDone || !status.ok()) continue;
    if (change.likeness != 0) status = batch.Put(slice(key_of_likeness(change.likeness)), slice(change.link.code));
    if (change.kind != Change::Kind::kErase) continue;
    const Link& gone = ahead.erased_by(change);
    for (const std::string& asked : {gone.code, code_on(domain_in(gone.code), "")}) {
      const std::string key = key_of_likeness(likeness_of(gone, asked));
      const auto code = TRY(get(key, "a link that was to be made once"));
      if (status.ok() && code == gone.code) status = batch.Delete(slice(key));
    }
  }
  if (!status.ok()) return as_error("links that are to be made once can't be written", status.ToString());
  return {};
}

class RocksdbLinkStore::Looks final : public Lookups {
 public:
  explicit Looks(const RocksdbLinkStore& store) : store_(store) {}
  [[nodiscard]] Result<std::optional<Link>> link(std::string_view code) const override { return store_.find(code); }
  [[nodiscard]] Result<std::optional<Allowance>> allowance(uint64_t user, Month month) const override {
    return store_.allowance_of(user, month);
  }
  [[nodiscard]] Result<std::optional<Note>> note(uint64_t key) const override { return store_.find_note(key); }
  [[nodiscard]] Result<std::optional<std::string>> alike(uint64_t likeness) const override {
    return store_.get(key_of_likeness(likeness), "a link that was to be made once");
  }

 private:
  const RocksdbLinkStore& store_;
};

Result<void> RocksdbLinkStore::change(std::span<Change> changes) {
  Together together{.changes = changes};
  return change_together(together);
}

Result<void> RocksdbLinkStore::change_together(Together& together) {
  Ahead ahead;
  TRY(ahead.judge(together, Looks(*this)));
  if (together.all_or_nothing && leave_out_if_one_fails(together.changes)) return {};
  rocksdb::WriteBatch batch;
  const int64_t more = TRY(add(together, ahead, batch));
  if (together.note) TRY(add(together.note(together.changes), batch));
  TRY(add_notes(together.changes, batch));
  TRY(add_likenesses(together.changes, ahead, batch));
  if (batch.Count() == 0) return {};
  TRY(add_expiries(together.changes, batch));
  if (numbers_.are_given()) TRY(add(news_of(together.changes, ahead), batch));
  const uint64_t size = size_.load(std::memory_order_relaxed) + static_cast<uint64_t>(more);
  if (const auto status = batch.Put(slice(kSizeKey), big_endian(size)); !status.ok())
    return as_error("changes can't be written", status.ToString());
  TRY(write(batch));
  size_.store(size, std::memory_order_relaxed);
  return {};
}

Result<void> RocksdbLinkStore::write(rocksdb::WriteBatch& batch) {
  rocksdb::WriteOptions options;
  options.sync = true;
  const rocksdb::Status status = db_->Write(options, &batch);
  if (!status.ok()) return as_error("changes of links can't be made durable", status.ToString());
  newest_.store(numbers_.newest(), std::memory_order_release);
  return {};
}

Result<std::optional<Note>> RocksdbLinkStore::find_note(uint64_t key) const {
  const auto stored = TRY(get(key_of_note(key), "a request that is remembered"));
  if (!stored) return std::nullopt;
  ByteReader reader(as_bytes(*stored));
  Note note{.key = key, .fingerprint = reader.integer<uint64_t>()};
  note.at = Timestamp::from_micros(reader.integer<int64_t>());
  note.answer = std::string(as_text(reader.raw(reader.left())));
  if (!reader.ok()) return fail(ErrorCode::kCorrupt, "a request that is remembered ends in the middle");
  return note;
}

Result<void> RocksdbLinkStore::forget_notes(Timestamp before) {
  constexpr int kNotesAtOnce = 64;
  const std::string end = key_of(kNoteTimesBegin, {.created_at = before, .number = 0});
  const rocksdb::Slice end_slice = slice(end);
  rocksdb::ReadOptions read;
  read.iterate_upper_bound = &end_slice;
  const std::unique_ptr<rocksdb::Iterator> at(db_->NewIterator(read));
  rocksdb::WriteBatch batch;
  int forgotten = 0;
  for (at->Seek(slice(kNoteTimesBegin)); at->Valid() && forgotten < kNotesAtOnce; at->Next(), ++forgotten) {
    const std::string_view place = text_of(at->key()).substr(1);
    rocksdb::Status status = batch.Delete(at->key());
    // Its key may have been used again since.
    const uint64_t key = read_big_endian(place.substr(sizeof(uint64_t)));
    const auto note = TRY(find_note(key));
    if (status.ok() && note && note->at == made_at(place)) status = batch.Delete(slice(key_of_note(key)));
    if (!status.ok()) return as_error("a request can't be forgotten", status.ToString());
  }
  if (!at->status().ok()) return as_error("requests that are remembered can't be listed", at->status().ToString());
  return forgotten > 0 ? write(batch) : Result<void>();
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
    if (auto link = TRY(find(text_of(at->value()))))
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

Result<std::vector<Link>> RocksdbLinkStore::list_of_owner(uint64_t owner, const Place& before, size_t limit) const {
  return list_behind(places_of_owner(owner), before, limit);
}

// One look a sale: behind its first place comes the next sale's.
Result<std::map<std::string, Timestamp>> RocksdbLinkStore::sales() const {
  const rocksdb::Slice end = slice(kSalesEnd);
  rocksdb::ReadOptions read;
  read.iterate_upper_bound = &end;
  const std::unique_ptr<rocksdb::Iterator> at(db_->NewIterator(read));
  std::map<std::string, Timestamp> sales;
  for (at->Seek(slice(kSalesBegin)); at->Valid();) {
    const std::string_view key = text_of(at->key()).substr(1);
    const std::string sale(key.substr(0, key.find('\0')));
    sales.emplace(sale, made_at(key.substr(sale.size() + 1)));
    at->Seek(slice(std::string(kSalesBegin).append(sale).append(1, '\1')));
  }
  if (!at->status().ok()) return as_error("the sales with channels can't be listed", at->status().ToString());
  return sales;
}

}  // namespace doorbuster::links
