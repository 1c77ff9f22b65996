#include "sale/views/directory.h"

#include <algorithm>

#include "base/assert.h"

namespace doorbuster::sale {

void Listings::put(std::shared_ptr<const Listing> listing) {
  const size_t index = index_of(listing->number);
  ASSERT(index <= size_);
  if (index == chunks_.size() * kAChunk) chunks_.emplace_back();
  auto& chunk = chunks_[index / kAChunk];
  auto next = chunk ? std::make_shared<Chunk>(*chunk) : std::make_shared<Chunk>();
  (*next)[index % kAChunk] = std::move(listing);
  chunk = std::move(next);
  size_ = std::max(size_, index + 1);
}

void NumbersById::add(const std::string& id, SaleNumber number) {
  auto& bucket = buckets_[bucket_of(id)];
  auto next = bucket ? std::make_shared<Bucket>(*bucket) : std::make_shared<Bucket>();
  next->emplace_back(id, number);
  bucket = std::move(next);
}

std::optional<SaleNumber> NumbersById::find(std::string_view id) const {
  const auto& bucket = buckets_[bucket_of(id)];
  if (bucket == nullptr) return std::nullopt;
  const auto found = std::ranges::find(*bucket, id, [](const auto& each) -> std::string_view { return each.first; });
  return found == bucket->end() ? std::nullopt : std::optional(found->second);
}

// By whoever holds publishing_. Readers wait only while the page is replaced.
void Directory::put(const Page& present, Listing listing) {
  auto next = std::make_shared<Page>(present);
  if (next->find(listing.number) == nullptr) next->by_id.add(listing.settings.id, listing.number);
  const uint64_t version = version_.load(std::memory_order_relaxed) + 1;
  listing.version = version;
  const uint32_t cell = cell_of(listing.number).value();
  if (cell >= next->by_cell.size()) next->by_cell.resize(cell + size_t{1});
  next->by_cell[cell].put(std::make_shared<const Listing>(std::move(listing)));
  {
    const std::lock_guard swapping(mutex_);
    page_ = std::move(next);
  }
  version_.store(version, std::memory_order_release);
}

void Directory::publish(SaleNumber number, const Settings& settings, std::string message,
                        const std::optional<Beacon>& beacon) {
  const std::lock_guard lock(publishing_);
  const auto present = page();
  const Listing* before = present->find(number);
  auto customers = before == nullptr ? std::make_shared<CustomerFilter>(settings.units) : before->customers;
  put(*present, {.number = number,
                 .settings = settings,
                 .message = std::move(message),
                 .beacon = beacon,
                 .customers = std::move(customers)});
}

void Directory::add_customers(SaleNumber number, const std::vector<CustomerHash>& customers) {
  if (customers.empty()) return;
  const auto present = page();
  const Listing* listing = present->find(number);
  ASSERT(listing != nullptr);
  for (const CustomerHash& customer : customers) listing->customers->add(customer);
}

void Directory::forget_customers(SaleNumber number) {
  const std::lock_guard lock(publishing_);
  const auto present = page();
  const Listing* listing = present->find(number);
  if (listing == nullptr) return;
  Listing next = *listing;
  next.customers = std::make_shared<CustomerFilter>(listing->settings.units);
  put(*present, std::move(next));
}

}  // namespace doorbuster::sale
