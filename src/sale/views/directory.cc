#include "sale/views/directory.h"

#include <algorithm>
#include <map>

#include "base/assert.h"

namespace doorbuster::sale {
namespace {

Listings& listings_of(Directory::Page& page, SaleNumber number) {
  const uint32_t cell = cell_of(number).value();
  if (cell >= page.by_cell.size()) page.by_cell.resize(cell + size_t{1});
  return page.by_cell[cell];
}

}  // namespace

void Listings::reach(size_t index) {
  size_ = std::max(size_, index + 1);
  chunks_.resize((size_ + kAChunk - 1) / kAChunk);
}

void Listings::put(std::shared_ptr<const Listing> listing) {
  const size_t index = index_of(listing->number);
  reach(index);
  auto& chunk = chunks_[index / kAChunk];
  auto next = chunk ? std::make_shared<Chunk>(*chunk) : std::make_shared<Chunk>();
  (*next)[index % kAChunk] = std::move(listing);
  chunk = std::move(next);
}

void Listings::drop(size_t index) {
  reach(index);
  auto& chunk = chunks_[index / kAChunk];
  if (chunk == nullptr) return;
  auto next = std::make_shared<Chunk>(*chunk);
  (*next)[index % kAChunk].reset();
  const bool is_empty = std::ranges::all_of(*next, [](const auto& listing) { return listing == nullptr; });
  chunk = is_empty ? nullptr : std::move(next);
}

// Each bucket is copied once, however many come into it.
void NumbersById::add(const std::vector<ArchivedId>& sales) {
  std::map<size_t, std::shared_ptr<Bucket>> changed;
  for (const ArchivedId& sale : sales) {
    const size_t at = bucket_of(sale.id);
    auto& bucket = changed[at];
    if (bucket == nullptr) bucket = buckets_[at] ? std::make_shared<Bucket>(*buckets_[at]) : std::make_shared<Bucket>();
    bucket->emplace_back(sale.id, sale.sale);
  }
  for (auto& [at, bucket] : changed) {
    std::ranges::sort(*bucket);
    bucket->erase(std::ranges::unique(*bucket).begin(), bucket->end());
    buckets_[at] = std::move(bucket);
  }
}

std::optional<SaleNumber> NumbersById::find(std::string_view id) const {
  const auto& bucket = buckets_[bucket_of(id)];
  if (bucket == nullptr) return std::nullopt;
  const auto id_of = [](const auto& each) -> std::string_view { return each.first; };
  const auto found = std::ranges::lower_bound(*bucket, id, {}, id_of);
  return found == bucket->end() || found->first != id ? std::nullopt : std::optional(found->second);
}

// By whoever holds publishing_. Readers wait only while the page is replaced.
void Directory::show(std::shared_ptr<Page> next) {
  const std::lock_guard swapping(mutex_);
  page_ = std::move(next);
}

uint32_t Directory::take_slot() {
  if (free_slots_.empty()) return slots_++;
  const uint32_t slot = free_slots_.back();
  free_slots_.pop_back();
  return slot;
}

bool Directory::publish(const PublicStatus& status, const std::vector<CustomerHash>& newcomers) {
  const auto present = page();
  const Listing* listing = present->find(status.sale);
  if (listing == nullptr) return false;
  for (const CustomerHash& customer : newcomers) listing->customers->add(customer);
  listing->live->publish(status);
  return true;
}

void Directory::publish(const PublicStatus& status, const Settings& settings, std::string message,
                        const std::optional<Beacon>& beacon) {
  const std::lock_guard lock(publishing_);
  const auto present = page();
  const Listing* before = present->find(status.sale);
  const uint64_t version = version_.load(std::memory_order_relaxed) + 1;
  Listing listing{.number = status.sale,
                  .slot = before == nullptr ? take_slot() : before->slot,
                  .settings = settings,
                  .message = std::move(message),
                  .beacon = beacon,
                  .version = version,
                  .customers = before == nullptr ? std::make_shared<CustomerFilter>(settings.units) : before->customers,
                  .live = before == nullptr ? std::make_shared<LiveStatus>(status) : before->live};
  auto next = std::make_shared<Page>(*present);
  if (before == nullptr) next->by_id.add({{status.sale, settings.id}});
  listings_of(*next, status.sale).put(std::make_shared<const Listing>(std::move(listing)));
  show(std::move(next));
  version_.store(version, std::memory_order_release);
}

void Directory::archive(const std::vector<ArchivedId>& sales) {
  const std::lock_guard lock(publishing_);
  const auto present = page();
  auto next = std::make_shared<Page>(*present);
  next->by_id.add(sales);
  for (const ArchivedId& sale : sales) {
    if (const Listing* listing = present->find(sale.sale)) free_slots_.push_back(listing->slot);
    listings_of(*next, sale.sale).drop(index_of(sale.sale));
  }
  show(std::move(next));
  version_.store(version_.load(std::memory_order_relaxed) + 1, std::memory_order_release);
}

}  // namespace doorbuster::sale
