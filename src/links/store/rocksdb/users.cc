// Users in the store of links: who they are, their keys, and what they have used.
#include <rocksdb/db.h>
#include <rocksdb/options.h>
#include <rocksdb/write_batch.h>

#include "links/store/rocksdb/keys.h"
#include "links/store/rocksdb/rocksdb_link_store.h"

namespace doorbuster::links {

using namespace rocksdb_keys;

Result<std::optional<std::string>> RocksdbLinkStore::get(const std::string& key, std::string_view what) const {
  std::string stored;
  const rocksdb::Status status = db_->Get({}, slice(key), &stored);
  if (status.ok()) return stored;
  if (status.IsNotFound()) return std::nullopt;
  return as_error(std::string(what) + " can't be read", status.ToString());
}

template <class Row, class Read>
Result<std::vector<Row>> RocksdbLinkStore::rows_behind(const std::string& prefix, const std::string& begin,
                                                       size_t limit, Read&& read) const {
  std::vector<Row> rows;
  const std::unique_ptr<rocksdb::Iterator> at(db_->NewIterator({}));
  for (at->Seek(slice(begin)); at->Valid() && rows.size() < limit; at->Next()) {
    const std::string_view key = text_of(at->key());
    if (!key.starts_with(prefix)) break;
    rows.push_back(TRY(read(key.substr(prefix.size()), text_of(at->value()))));
  }
  if (!at->status().ok()) return as_error("users can't be listed", at->status().ToString());
  return rows;
}

Result<std::optional<User>> RocksdbLinkStore::find_user(uint64_t number) const {
  const auto stored = TRY(get(key_of_user(number), "a user"));
  if (!stored) return std::nullopt;
  return decode_user(number, as_bytes(*stored));
}

Result<std::vector<User>> RocksdbLinkStore::list_users(uint64_t after, size_t limit) const {
  if (after == UINT64_MAX) return std::vector<User>();
  return rows_behind<User>(std::string(kUsersBegin), key_of_user(after + 1), limit,
                           [](std::string_view number, std::string_view stored) {
                             return decode_user(read_big_endian(number), as_bytes(stored));
                           });
}

Result<std::optional<UserKey>> RocksdbLinkStore::find_user_key(std::string_view id) const {
  const auto stored = TRY(get(key_of_user_key(id), "a user's key"));
  if (!stored) return std::nullopt;
  return decode_user_key(id, as_bytes(*stored));
}

Result<std::vector<UserKey>> RocksdbLinkStore::keys_of(uint64_t user) const {
  const std::string begin = keys_of_user(user);
  return rows_behind<UserKey>(
      begin, begin, kUserKeysMax, [this](std::string_view id, std::string_view) -> Result<UserKey> {
        const auto key = TRY(find_user_key(id));
        if (key) return *key;
        return fail(ErrorCode::kCorrupt, "the key " + std::string(id) + " of a user is missing");
      });
}

Result<std::vector<Usage>> RocksdbLinkStore::usage_of(uint64_t user) const {
  const std::string begin = usage_behind(user);
  return rows_behind<Usage>(
      begin, begin, SIZE_MAX, [](std::string_view month, std::string_view links) -> Result<Usage> {
        return Usage{.month = static_cast<Month>(read_big_endian(month)), .links = read_big_endian(links)};
      });
}

Result<uint64_t> RocksdbLinkStore::used_in(uint64_t user, Month month) const {
  const auto stored = TRY(get(key_of_usage(user, month), "what a user has used"));
  return stored ? read_big_endian(*stored) : 0;
}

Result<UserChange::Outcome> RocksdbLinkStore::judge(const UserChange& change) const {
  const auto user = TRY(find_user(change.user.number));
  if (change.kind != UserChange::Kind::kAddKey && change.kind != UserChange::Kind::kRemoveKey)
    return outcome_of(change, user, std::nullopt, 0);
  return outcome_of(change, user, TRY(find_user_key(change.key.id)), TRY(keys_of(change.user.number)).size());
}

Result<void> RocksdbLinkStore::add_erasure(uint64_t user, rocksdb::WriteBatch& batch) const {
  rocksdb::Status status = batch.Delete(slice(key_of_user(user)));
  for (const UserKey& key : TRY(keys_of(user))) {
    if (status.ok()) status = batch.Delete(slice(key_of_user_key(key.id)));
    if (status.ok()) status = batch.Delete(slice(keys_of_user(user) + key.id));
  }
  for (const Usage& usage : TRY(usage_of(user))) {
    if (status.ok()) status = batch.Delete(slice(key_of_usage(user, usage.month)));
  }
  if (!status.ok()) return as_error("a user can't be erased", status.ToString());
  return {};
}

Result<void> RocksdbLinkStore::change_user(UserChange& change) {
  using Kind = UserChange::Kind;
  change.outcome = TRY(judge(change));
  if (change.outcome != UserChange::Outcome::kDone) return {};
  const uint64_t user = change.user.number;
  const std::string of_user = keys_of_user(user) + change.key.id;
  rocksdb::WriteBatch batch;
  rocksdb::Status status;
  if (change.kind == Kind::kMake || change.kind == Kind::kReplace) {
    status = batch.Put(slice(key_of_user(user)), slice(encode_user(change.user)));
  } else if (change.kind == Kind::kErase) {
    TRY(add_erasure(user, batch));
  } else if (change.kind == Kind::kAddKey) {
    status = batch.Put(slice(key_of_user_key(change.key.id)), slice(encode_user_key(change.key)));
    if (status.ok()) status = batch.Put(slice(of_user), {});
  } else {
    status = batch.Delete(slice(key_of_user_key(change.key.id)));
    if (status.ok()) status = batch.Delete(slice(of_user));
  }
  if (!status.ok()) return as_error("a user can't be changed", status.ToString());
  return write(batch);
}

}  // namespace doorbuster::links
