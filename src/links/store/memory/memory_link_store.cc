#include "links/store/memory/memory_link_store.h"

namespace doorbuster::links {

Result<std::optional<Link>> MemoryLinkStore::find(std::string_view code) const {
  const Shard& shard = shards_[shard_of(code)];
  const std::lock_guard lock(shard.mutex);
  const auto found = shard.links.find(code);
  return found == shard.links.end() ? std::nullopt : std::optional(found->second);
}

Change::Outcome MemoryLinkStore::change_one(const Change& change) {
  using Outcome = Change::Outcome;
  const Link& link = change.link;
  Shard& shard = shards_[shard_of(link.code)];
  const std::scoped_lock lock(shard.mutex, places_mutex_);
  const auto found = shard.links.find(link.code);
  const bool is_there = found != shard.links.end();
  if (change.kind == Change::Kind::kClaim) {
    if (is_there) return Outcome::kTaken;
    shard.links.emplace(link.code, link);
    codes_.emplace(place_of(link), link.code);
    return Outcome::kDone;
  }
  if (!is_there) return Outcome::kMissing;
  if (found->second.version + 1 != link.version) return Outcome::kOutdated;
  if (change.kind == Change::Kind::kReplace) {
    found->second = link;
  } else {
    codes_.erase(place_of(found->second));
    shard.links.erase(found);
  }
  return Outcome::kDone;
}

Result<void> MemoryLinkStore::change(std::span<Change> changes) {
  for (Change& one : changes) one.outcome = change_one(one);
  return {};
}

Result<std::vector<Link>> MemoryLinkStore::list(const Place& before, size_t limit) const {
  std::vector<std::string> codes;
  {
    const std::lock_guard lock(places_mutex_);
    for (auto at = codes_.lower_bound(before); at != codes_.begin() && codes.size() < limit;)
      codes.push_back((--at)->second);
  }
  std::vector<Link> links;
  for (const std::string& code : codes) {
    if (auto link = TRY(find(code))) links.push_back(std::move(*link));
  }
  return links;
}

uint64_t MemoryLinkStore::size() const {
  const std::lock_guard lock(places_mutex_);
  return codes_.size();
}

}  // namespace doorbuster::links
