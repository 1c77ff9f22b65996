// Links in memory: for tests, for trying out, and as what the other stores are compared with.
#pragma once

#include <map>
#include <mutex>
#include <string>

#include "links/store/link_store.h"

namespace doorbuster::links {

class MemoryLinkStore : public LinkStore {
 public:
  explicit MemoryLinkStore(Announcing announcing = {}) : numbers_(announcing) {}

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
  [[nodiscard]] uint64_t newest_announcement() const override;
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
  [[nodiscard]] uint64_t size() const override;

 private:
  using Codes = std::map<Place, std::string>;
  [[nodiscard]] Result<std::vector<Link>> find_all(const std::vector<std::string>& codes) const;

  struct Shard {
    mutable std::mutex mutex;
    std::map<std::string, Link, std::less<>> links;
  };
  class Looks;
  // With every mutex.
  void make(const Change& change);
  // With that of what is told.
  void add(std::span<const News> told);

  std::array<Shard, kShards> shards_;
  mutable std::mutex places_mutex_;
  Codes codes_;
  std::map<uint64_t, Note> notes_;
  std::map<uint64_t, std::string> alike_;  // codes, by likeness
  std::map<std::string, Codes, std::less<>> codes_of_sales_;
  std::map<uint64_t, Codes> codes_of_owners_;
  mutable std::mutex told_mutex_;  // behind those above
  AnnouncementNumbers numbers_;
  std::map<uint64_t, Announcement> announcements_;
  std::map<Place, std::string> expiries_;
  std::optional<uint64_t> heard_;
  std::map<std::string, std::string> reports_;
  mutable std::mutex users_mutex_;  // behind all others
  std::map<uint64_t, User> users_;
  std::map<std::string, UserKey, std::less<>> user_keys_;
  std::map<std::pair<uint64_t, Month>, uint64_t> usage_;
};

}  // namespace doorbuster::links
