// What is told of links, in the store of links: rows that are written with what they tell. And what people report.
#include <rocksdb/db.h>
#include <rocksdb/options.h>
#include <rocksdb/write_batch.h>

#include <algorithm>

#include "links/store/rocksdb/keys.h"
#include "links/store/rocksdb/rocksdb_link_store.h"

namespace doorbuster::links {

using namespace rocksdb_keys;

namespace {

// Old ones go so many at a time: each removal of a range costs readers something until it is compacted. With what is
// left of the oldest row there are up to 1,024 more than are kept.
constexpr uint64_t kRemovedAtOnce = 1'024 - kAnnouncementsARow;

uint64_t sequence_in(const rocksdb::Slice& key) {
  return read_big_endian(text_of(key).substr(kAnnouncementsBegin.size()));
}

Result<std::vector<Announcement>> read_row(const rocksdb::Iterator& at) {
  return decode_announcements(sequence_in(at.key()), as_bytes(text_of(at.value())));
}

}  // namespace

Result<void> RocksdbLinkStore::look_for_newest() {
  const std::unique_ptr<rocksdb::Iterator> at(db_->NewIterator({}));
  at->SeekForPrev(slice(key_of_announcement(UINT64_MAX)));
  if (!at->status().ok()) return as_error("what is told of links can't be read", at->status().ToString());
  if (!at->Valid() || !at->key().starts_with(slice(kAnnouncementsBegin))) return {};
  numbers_.go_on_from(TRY(read_row(*at)).back());
  newest_.store(numbers_.newest(), std::memory_order_release);
  return {};
}

Result<void> RocksdbLinkStore::add(std::span<const News> told, rocksdb::WriteBatch& batch) {
  const uint64_t before = numbers_.newest();
  const Timestamp at = numbers_.give(told.size());
  rocksdb::Status status;
  for (uint64_t last = before; !told.empty() && status.ok();) {
    const auto row = told.first(std::min(told.size(), kAnnouncementsARow));
    told = told.subspan(row.size());
    last += row.size();
    status = batch.Put(slice(key_of_announcement(last)), slice(encode_announcements(at, row)));
  }
  const uint64_t newest = numbers_.newest();
  const bool is_time = newest / kRemovedAtOnce > before / kRemovedAtOnce && newest > numbers_.kept();
  if (status.ok() && is_time)
    status = batch.DeleteRange(slice(key_of_announcement(0)), slice(key_of_announcement(newest - numbers_.kept() + 1)));
  if (!status.ok()) return as_error("what is told of links can't be written", status.ToString());
  return {};
}

// One that the link has not any more is found out when its time comes.
Result<void> RocksdbLinkStore::add_expiries(std::span<const Change> changes, rocksdb::WriteBatch& batch) const {
  if (!numbers_.are_given()) return {};
  const Timestamp now = numbers_.now();
  rocksdb::Status status;
  for (const Change& change : changes) {
    const Link& link = change.link;
    const bool is_gone = change.outcome != Change::Outcome::kDone || change.kind == Change::Kind::kErase;
    if (is_gone || !link.expires_at || *link.expires_at <= now || !status.ok()) continue;
    const Place when{.created_at = *link.expires_at, .number = link.number};
    status = batch.Put(slice(key_of(kExpiriesBegin, when)), slice(link.code));
  }
  if (!status.ok()) return as_error("when links expire can't be written", status.ToString());
  return {};
}

Result<size_t> RocksdbLinkStore::announce_expired(size_t limit) {
  if (!numbers_.are_given()) return 0;
  const Timestamp now = numbers_.now();
  const std::string end = key_of(kExpiriesBegin, {.created_at = now + Duration::micros(1), .number = 0});
  const rocksdb::Slice end_slice = slice(end);
  rocksdb::ReadOptions read;
  read.iterate_upper_bound = &end_slice;
  const std::unique_ptr<rocksdb::Iterator> at(db_->NewIterator(read));
  rocksdb::WriteBatch batch;
  rocksdb::Status status;
  std::vector<Announcement> told;
  size_t seen = 0;
  for (at->Seek(slice(kExpiriesBegin)); at->Valid() && seen < limit && status.ok(); at->Next(), ++seen) {
    const std::string_view place = text_of(at->key()).substr(1);
    auto link = TRY(find(text_of(at->value())));
    const bool is_this = link && link->number == read_big_endian(place.substr(sizeof(uint64_t)));
    if (is_this && link->expires_at == made_at(place))
      told.push_back({.kind = Announcement::Kind::kExpired, .link = *std::move(link)});
    status = batch.Delete(at->key());
  }
  if (status.ok()) status = at->status();
  if (!status.ok()) return as_error("links that are over can't be looked for", status.ToString());
  if (seen == 0) return 0;
  TRY(add(all_news_of(told), batch));
  TRY(write(batch));
  return seen;
}

Result<void> RocksdbLinkStore::announce(std::vector<Announcement> announcements, uint64_t heard) {
  rocksdb::WriteBatch batch;
  if (const auto status = batch.Put(slice(kHeardKey), big_endian(heard)); !status.ok())
    return as_error("how far the log is told can't be written", status.ToString());
  if (numbers_.are_given()) TRY(add(all_news_of(announcements), batch));
  return write(batch);
}

Result<std::optional<uint64_t>> RocksdbLinkStore::heard_of_log() const {
  const auto stored = TRY(get(std::string(kHeardKey), "how far the log is told"));
  return stored ? std::optional(read_big_endian(*stored)) : std::nullopt;
}

Result<void> RocksdbLinkStore::put_report(std::string_view code, const std::optional<std::string>& stored) {
  rocksdb::WriteBatch batch;
  const std::string key = std::string(kReportsBegin).append(code);
  const rocksdb::Status status = stored ? batch.Put(slice(key), slice(*stored)) : batch.Delete(slice(key));
  if (!status.ok()) return as_error("what is reported of a link can't be written", status.ToString());
  return write(batch);
}

Result<std::map<std::string, std::string>> RocksdbLinkStore::reports() const {
  std::map<std::string, std::string> reports;
  const std::unique_ptr<rocksdb::Iterator> at(db_->NewIterator({}));
  for (at->Seek(slice(kReportsBegin)); at->Valid() && at->key().starts_with(slice(kReportsBegin)); at->Next())
    reports.emplace(text_of(at->key()).substr(1), at->value().ToString());
  if (!at->status().ok()) return as_error("what is reported of links can't be read", at->status().ToString());
  return reports;
}

Result<std::vector<Announcement>> RocksdbLinkStore::announcements(uint64_t after, size_t limit) const {
  std::vector<Announcement> found;
  const uint64_t newest = newest_announcement();
  if (after >= newest) return found;
  const std::unique_ptr<rocksdb::Iterator> at(db_->NewIterator({}));
  for (at->Seek(slice(key_of_announcement(after + 1))); at->Valid() && found.size() < limit; at->Next()) {
    if (!at->key().starts_with(slice(kAnnouncementsBegin)) || sequence_in(at->key()) > newest) break;
    for (Announcement& one : TRY(read_row(*at))) {
      if (one.sequence > after && found.size() < limit) found.push_back(std::move(one));
    }
  }
  if (!at->status().ok()) return as_error("what is told of links can't be read", at->status().ToString());
  return found;
}

}  // namespace doorbuster::links
