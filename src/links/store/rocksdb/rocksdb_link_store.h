// Links on this machine's disk, in RocksDB: from a shard and a code to the link, and from when a link was made to its
// code, so that they can be listed (docs/formats/links-store.md).
#pragma once

#include <atomic>
#include <filesystem>
#include <memory>
#include <vector>

#include "links/store/link_store.h"

namespace rocksdb {
class DB;
class WriteBatch;
}  // namespace rocksdb

namespace doorbuster::links {

class RocksdbLinkStore final : public LinkStore {
 public:
  struct Options {
    std::filesystem::path folder;  // made if it does not exist
    size_t cache_bytes = size_t{256} << 20;
    Announcing announcing = {};
  };

  explicit RocksdbLinkStore(Options options);
  ~RocksdbLinkStore() override;

  [[nodiscard]] Result<void> open() override;
  [[nodiscard]] Result<std::optional<Link>> find(std::string_view code) const override;
  [[nodiscard]] Result<void> change(std::span<Change> changes) override;
  [[nodiscard]] Result<void> change_together(Together& together) override;
  [[nodiscard]] Result<std::optional<Note>> find_note(uint64_t key) const override;
  [[nodiscard]] Result<void> forget_notes(Timestamp before) override;
  [[nodiscard]] Result<std::vector<Link>> list(const Place& before, size_t limit) const override;
  [[nodiscard]] Result<std::vector<Link>> list_of_sale(std::string_view sale, const Place& before,
                                                       size_t limit) const override;
  [[nodiscard]] Result<std::vector<Link>> list_of_owner(uint64_t owner, const Place& before,
                                                        size_t limit) const override;
  [[nodiscard]] Result<std::map<std::string, Timestamp>> sales() const override;
  [[nodiscard]] Result<void> announce(std::vector<Announcement> announcements, uint64_t heard) override;
  [[nodiscard]] Result<std::optional<uint64_t>> heard_of_log() const override;
  [[nodiscard]] Result<size_t> announce_expired(size_t limit) override;
  [[nodiscard]] uint64_t newest_announcement() const override { return newest_.load(std::memory_order_acquire); }
  [[nodiscard]] Result<std::vector<Announcement>> announcements(uint64_t after, size_t limit) const override;
  [[nodiscard]] Result<void> put_report(std::string_view code, const std::optional<std::string>& stored) override;
  [[nodiscard]] Result<std::map<std::string, std::string>> reports() const override;
  [[nodiscard]] Result<void> change_user(UserChange& change) override;
  [[nodiscard]] Result<std::optional<User>> find_user(uint64_t number) const override;
  [[nodiscard]] Result<std::vector<User>> list_users(uint64_t after, size_t limit) const override;
  [[nodiscard]] Result<std::optional<UserKey>> find_user_key(std::string_view id) const override;
  [[nodiscard]] Result<std::vector<UserKey>> keys_of(uint64_t user) const override;
  [[nodiscard]] Result<std::vector<Usage>> usage_of(uint64_t user) const override;
  [[nodiscard]] Result<uint64_t> used_in(uint64_t user, Month month) const override;
  [[nodiscard]] uint64_t size() const override { return size_.load(std::memory_order_relaxed); }
  [[nodiscard]] Cache cache() const override;

 private:
  class Looks;
  // What stands at a key; nothing if nothing does.
  [[nodiscard]] Result<std::optional<std::string>> get(const std::string& key, std::string_view what) const;
  // What read(what stands behind the prefix, value) makes of each key from `begin` on, at most so many.
  template <class Row, class Read>
  [[nodiscard]] Result<std::vector<Row>> rows_behind(const std::string& prefix, const std::string& begin, size_t limit,
                                                     Read&& read) const;
  [[nodiscard]] Result<UserChange::Outcome> judge(const UserChange& change) const;
  [[nodiscard]] Result<void> add_erasure(uint64_t user, rocksdb::WriteBatch& batch) const;
  [[nodiscard]] Result<uint64_t> stored_size() const;
  // Those that stand behind `prefix` and a place before this one.
  [[nodiscard]] Result<std::vector<Link>> list_behind(const std::string& prefix, const Place& before,
                                                      size_t limit) const;
  // By how many links there are more then.
  [[nodiscard]] Result<int64_t> add(const Together& together, const Ahead& ahead, rocksdb::WriteBatch& batch) const;
  [[nodiscard]] Result<void> add(const Note& note, rocksdb::WriteBatch& batch) const;
  [[nodiscard]] Result<void> add_notes(std::span<const Change> changes, rocksdb::WriteBatch& batch) const;
  [[nodiscard]] Result<void> add_likenesses(std::span<const Change> changes, const Ahead& ahead,
                                            rocksdb::WriteBatch& batch) const;
  // (announcements.cc)
  [[nodiscard]] Result<void> add(std::span<const News> told, rocksdb::WriteBatch& batch);
  [[nodiscard]] Result<void> add_expiries(std::span<const Change> changes, rocksdb::WriteBatch& batch) const;
  [[nodiscard]] Result<void> look_for_newest();
  [[nodiscard]] Result<void> write(rocksdb::WriteBatch& batch);
  [[nodiscard]] tl::unexpected<Error> as_error(std::string_view what, const std::string& status) const;

  const Options options_;
  std::unique_ptr<rocksdb::DB> db_;   // from open() on
  std::atomic<bool> is_open_{false};  // for who may look before
  std::atomic<uint64_t> size_{0};
  AnnouncementNumbers numbers_;
  std::atomic<uint64_t> newest_{0};  // of those that are durable
};

}  // namespace doorbuster::links
