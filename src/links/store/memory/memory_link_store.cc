#include "links/store/memory/memory_link_store.h"

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
    if (!link.sale.empty()) codes_of_sales_[link.sale].emplace(place_of(link), link.code);
    return Outcome::kDone;
  }
  if (!is_there) return Outcome::kMissing;
  if (found->second.version + 1 != link.version) return Outcome::kOutdated;
  if (change.kind == Change::Kind::kReplace) {
    found->second = link;
  } else {
    const Link& gone = found->second;
    codes_.erase(place_of(gone));
    if (const auto of_sale = codes_of_sales_.find(gone.sale); of_sale != codes_of_sales_.end()) {
      of_sale->second.erase(place_of(gone));
      if (of_sale->second.empty()) codes_of_sales_.erase(of_sale);
    }
    shard.links.erase(found);
  }
  return Outcome::kDone;
}

Result<void> MemoryLinkStore::change(std::span<Change> changes) {
  for (Change& one : changes) one.outcome = change_one(one);
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
