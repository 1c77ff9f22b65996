#include "links/store/memory/memory_link_store.h"

#include <algorithm>

namespace doorbuster::links {
namespace {

// The newest first.
std::vector<std::string> codes_before(const std::map<Place, std::string>& codes, const Place& before, size_t limit) {
  std::vector<std::string> found;
  for (auto at = codes.lower_bound(before); at != codes.begin() && found.size() < limit;)
    found.push_back((--at)->second);
  return found;
}

}  // namespace

Result<std::optional<Link>> MemoryLinkStore::find(std::string_view code) const {
  const Shard& shard = shards_[shard_of(code)];
  const std::lock_guard lock(shard.mutex);
  const auto found = shard.links.find(code);
  return found == shard.links.end() ? std::nullopt : std::optional(found->second);
}

// Whoever uses it has all mutexes but that of users.
class MemoryLinkStore::Looks final : public Lookups {
 public:
  explicit Looks(const MemoryLinkStore& store) : store_(store) {}
  [[nodiscard]] Result<std::optional<Link>> link(std::string_view code) const override {
    const auto& links = store_.shards_[shard_of(code)].links;
    const auto found = links.find(code);
    return found == links.end() ? std::nullopt : std::optional(found->second);
  }
  [[nodiscard]] Result<std::optional<Allowance>> allowance(uint64_t user, Month month) const override {
    return store_.allowance_of(user, month);
  }
  [[nodiscard]] Result<std::optional<Note>> note(uint64_t key) const override {
    const auto found = store_.notes_.find(key);
    return found == store_.notes_.end() ? std::nullopt : std::optional(found->second);
  }
  [[nodiscard]] Result<std::optional<std::string>> alike(uint64_t likeness) const override {
    const auto found = store_.alike_.find(likeness);
    return found == store_.alike_.end() ? std::nullopt : std::optional(found->second);
  }

 private:
  const MemoryLinkStore& store_;
};

void MemoryLinkStore::make(const Change& change) {
  const Link& link = change.link;
  if (change.likeness != 0) alike_.insert_or_assign(change.likeness, link.code);
  auto& links = shards_[shard_of(link.code)].links;
  if (change.kind == Change::Kind::kReplace) {
    links.find(link.code)->second = link;
  } else if (change.kind == Change::Kind::kClaim) {
    links.emplace(link.code, link);
    codes_.emplace(place_of(link), link.code);
    if (!link.sale.empty()) codes_of_sales_[link.sale].emplace(place_of(link), link.code);
    if (link.owner != 0) codes_of_owners_[link.owner].emplace(place_of(link), link.code);
  } else {
    const auto found = links.find(link.code);
    const Link& gone = found->second;
    codes_.erase(place_of(gone));
    if (const auto of_sale = codes_of_sales_.find(gone.sale); of_sale != codes_of_sales_.end()) {
      of_sale->second.erase(place_of(gone));
      if (of_sale->second.empty()) codes_of_sales_.erase(of_sale);
    }
    if (const auto of_owner = codes_of_owners_.find(gone.owner); of_owner != codes_of_owners_.end()) {
      of_owner->second.erase(place_of(gone));
      if (of_owner->second.empty()) codes_of_owners_.erase(of_owner);
    }
    links.erase(found);
  }
}

Result<void> MemoryLinkStore::change(std::span<Change> changes) {
  Together together{.changes = changes};
  return change_together(together);
}

Result<void> MemoryLinkStore::change_together(Together& together) {
  std::vector<std::unique_lock<std::mutex>> locks;
  for (Shard& shard : shards_) locks.emplace_back(shard.mutex);
  const std::lock_guard places(places_mutex_);
  Ahead ahead;
  TRY(ahead.judge(together, Looks(*this)));
  if (together.all_or_nothing && leave_out_if_one_fails(together.changes)) return {};
  for (const Change& change : together.changes) {
    if (change.outcome == Change::Outcome::kDone) make(change);
    if (const auto note = note_of(change)) notes_.insert_or_assign(note->key, *note);
  }
  if (numbers_.are_given()) {
    const std::lock_guard told(told_mutex_);
    for (const Change& change : together.changes) {
      const Link& link = change.link;
      const bool is_there = change.outcome == Change::Outcome::kDone && change.kind != Change::Kind::kErase;
      if (is_there && link.expires_at && *link.expires_at > numbers_.now())
        expiries_[{.created_at = *link.expires_at, .number = link.number}] = link.code;
    }
    add(news_of(together.changes, ahead));
  }
  {
    const std::lock_guard users(users_mutex_);
    for (const auto& [spender, allowance] : ahead.allowances()) {
      if (allowance) usage_[spender] = allowance->used;
    }
  }
  if (!together.note) return {};
  const Note note = together.note(together.changes);
  notes_.insert_or_assign(note.key, note);
  return {};
}

Result<std::optional<Note>> MemoryLinkStore::find_note(uint64_t key) const {
  const std::lock_guard lock(places_mutex_);
  const auto found = notes_.find(key);
  return found == notes_.end() ? std::nullopt : std::optional(found->second);
}

Result<void> MemoryLinkStore::forget_notes(Timestamp before) {
  const std::lock_guard lock(places_mutex_);
  std::erase_if(notes_, [&](const auto& note) { return note.second.at < before; });
  return {};
}

Result<std::vector<Link>> MemoryLinkStore::find_all(const std::vector<std::string>& codes) const {
  std::vector<Link> links;
  for (const std::string& code : codes) {
    if (auto link = TRY(find(code))) links.push_back(std::move(*link));
  }
  return links;
}

Result<std::vector<Link>> MemoryLinkStore::list(const Place& before, size_t limit) const {
  std::vector<std::string> codes;
  {
    const std::lock_guard lock(places_mutex_);
    codes = codes_before(codes_, before, limit);
  }
  return find_all(codes);
}

Result<std::vector<Link>> MemoryLinkStore::list_of_sale(std::string_view sale, const Place& before,
                                                        size_t limit) const {
  std::vector<std::string> codes;
  {
    const std::lock_guard lock(places_mutex_);
    const auto found = codes_of_sales_.find(sale);
    if (found != codes_of_sales_.end()) codes = codes_before(found->second, before, limit);
  }
  return find_all(codes);
}

Result<std::vector<Link>> MemoryLinkStore::list_of_owner(uint64_t owner, const Place& before, size_t limit) const {
  std::vector<std::string> codes;
  {
    const std::lock_guard lock(places_mutex_);
    const auto found = codes_of_owners_.find(owner);
    if (found != codes_of_owners_.end()) codes = codes_before(found->second, before, limit);
  }
  return find_all(codes);
}

void MemoryLinkStore::add(std::span<const News> told) {
  uint64_t sequence = numbers_.newest();
  const Timestamp at = numbers_.give(told.size());
  for (const News& news : told) {
    Announcement& one = announcements_[++sequence];
    one = {.kind = news.kind, .sequence = sequence, .at = at};
    if (news.link != nullptr) one.link = *news.link;
    if (news.take_down != nullptr) one.take_down = *news.take_down;
  }
  while (announcements_.size() > numbers_.kept()) announcements_.erase(announcements_.begin());
}

Result<void> MemoryLinkStore::announce(std::vector<Announcement> announcements, uint64_t heard) {
  const std::lock_guard lock(told_mutex_);
  heard_ = heard;
  if (!numbers_.are_given()) return {};
  add(all_news_of(announcements));
  return {};
}

Result<std::optional<uint64_t>> MemoryLinkStore::heard_of_log() const {
  const std::lock_guard lock(told_mutex_);
  return heard_;
}

Result<size_t> MemoryLinkStore::announce_expired(size_t limit) {
  if (!numbers_.are_given()) return 0;
  std::map<Place, std::string> due;
  const std::lock_guard lock(told_mutex_);
  while (due.size() < limit && !expiries_.empty() && expiries_.begin()->first.created_at <= numbers_.now())
    due.insert(expiries_.extract(expiries_.begin()));
  std::vector<Announcement> told;
  for (const auto& [when, code] : due) {
    auto link = TRY(find(code));
    if (link && link->number == when.number && link->expires_at == when.created_at)
      told.push_back({.kind = Announcement::Kind::kExpired, .link = *std::move(link)});
  }
  add(all_news_of(told));
  return due.size();
}

uint64_t MemoryLinkStore::newest_announcement() const {
  const std::lock_guard lock(told_mutex_);
  return numbers_.newest();
}

Result<std::vector<Announcement>> MemoryLinkStore::announcements(uint64_t after, size_t limit) const {
  const std::lock_guard lock(told_mutex_);
  std::vector<Announcement> found;
  for (auto at = announcements_.upper_bound(after); at != announcements_.end() && found.size() < limit; ++at)
    found.push_back(at->second);
  return found;
}

Result<void> MemoryLinkStore::put_report(std::string_view code, const std::optional<std::string>& stored) {
  const std::lock_guard lock(told_mutex_);
  if (stored) {
    reports_.insert_or_assign(std::string(code), *stored);
  } else {
    reports_.erase(std::string(code));
  }
  return {};
}

Result<std::map<std::string, std::string>> MemoryLinkStore::reports() const {
  const std::lock_guard lock(told_mutex_);
  return reports_;
}

Result<void> MemoryLinkStore::change_user(UserChange& change) {
  using Kind = UserChange::Kind;
  const auto user = TRY(find_user(change.user.number));
  change.outcome = outcome_of(change, user, TRY(find_user_key(change.key.id)), TRY(keys_of(change.user.number)).size());
  if (change.outcome != UserChange::Outcome::kDone) return {};
  const std::lock_guard lock(users_mutex_);
  if (change.kind == Kind::kMake || change.kind == Kind::kReplace) {
    users_.insert_or_assign(change.user.number, change.user);
  } else if (change.kind == Kind::kAddKey) {
    user_keys_.emplace(change.key.id, change.key);
  } else if (change.kind == Kind::kRemoveKey) {
    user_keys_.erase(change.key.id);
  } else {
    users_.erase(change.user.number);
    std::erase_if(user_keys_, [&](const auto& key) { return key.second.user == change.user.number; });
    std::erase_if(usage_, [&](const auto& month) { return month.first.first == change.user.number; });
  }
  return {};
}

Result<std::optional<User>> MemoryLinkStore::find_user(uint64_t number) const {
  const std::lock_guard lock(users_mutex_);
  const auto found = users_.find(number);
  return found == users_.end() ? std::nullopt : std::optional(found->second);
}

Result<std::vector<User>> MemoryLinkStore::list_users(uint64_t after, size_t limit) const {
  const std::lock_guard lock(users_mutex_);
  std::vector<User> users;
  for (auto at = users_.upper_bound(after); at != users_.end() && users.size() < limit; ++at)
    users.push_back(at->second);
  return users;
}

Result<std::optional<UserKey>> MemoryLinkStore::find_user_key(std::string_view id) const {
  const std::lock_guard lock(users_mutex_);
  const auto found = user_keys_.find(id);
  return found == user_keys_.end() ? std::nullopt : std::optional(found->second);
}

Result<std::vector<UserKey>> MemoryLinkStore::keys_of(uint64_t user) const {
  const std::lock_guard lock(users_mutex_);
  std::vector<UserKey> keys;
  for (const auto& [id, key] : user_keys_) {
    if (key.user == user) keys.push_back(key);
  }
  return keys;
}

Result<std::vector<Usage>> MemoryLinkStore::usage_of(uint64_t user) const {
  const std::lock_guard lock(users_mutex_);
  std::vector<Usage> usage;
  for (auto at = usage_.lower_bound({user, 0}); at != usage_.end() && at->first.first == user; ++at)
    usage.push_back({.month = at->first.second, .links = at->second});
  return usage;
}

Result<uint64_t> MemoryLinkStore::used_in(uint64_t user, Month month) const {
  const std::lock_guard lock(users_mutex_);
  const auto found = usage_.find({user, month});
  return found == usage_.end() ? 0 : found->second;
}

Result<std::map<std::string, Timestamp>> MemoryLinkStore::sales() const {
  const std::lock_guard lock(places_mutex_);
  std::map<std::string, Timestamp> sales;
  for (const auto& [sale, codes] : codes_of_sales_) sales.emplace(sale, codes.begin()->first.created_at);
  return sales;
}

uint64_t MemoryLinkStore::size() const {
  const std::lock_guard lock(places_mutex_);
  return codes_.size();
}

}  // namespace doorbuster::links
