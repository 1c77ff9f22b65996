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

void MemoryLinkStore::make(const Change& change) {
  const Link& link = change.link;
  auto& links = shards_[shard_of(link.code)].links;
  if (change.kind == Change::Kind::kReplace) {
    links.find(link.code)->second = link;
  } else if (change.kind == Change::Kind::kClaim) {
    links.emplace(link.code, link);
    codes_.emplace(place_of(link), link.code);
    if (!link.sale.empty()) codes_of_sales_[link.sale].emplace(place_of(link), link.code);
  } else {
    const auto found = links.find(link.code);
    const Link& gone = found->second;
    codes_.erase(place_of(gone));
    if (const auto of_sale = codes_of_sales_.find(gone.sale); of_sale != codes_of_sales_.end()) {
      of_sale->second.erase(place_of(gone));
      if (of_sale->second.empty()) codes_of_sales_.erase(of_sale);
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
  TRY(ahead.judge(together, [this](const std::string& code) -> Result<std::optional<Link>> {
    const auto& links = shards_[shard_of(code)].links;
    const auto found = links.find(code);
    return found == links.end() ? std::nullopt : std::optional(found->second);
  }));
  if (together.all_or_nothing && leave_out_if_one_fails(together.changes)) return {};
  for (const Change& change : together.changes) {
    if (change.outcome == Change::Outcome::kDone) make(change);
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
