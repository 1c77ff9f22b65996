#include "sale/views/directory.h"

#include "base/assert.h"

namespace doorbuster::sale {

void Directory::publish(SaleNumber number, const Settings& settings) {
  const std::lock_guard lock(mutex_);
  auto next = std::make_shared<Page>();
  next->by_number = page_->by_number;
  ASSERT(number.value() <= next->by_number.size());
  if (number.value() == next->by_number.size()) next->by_number.emplace_back();
  const uint64_t version = version_.load(std::memory_order_relaxed) + 1;
  next->by_number[number.value()] = std::make_shared<const Listing>(Listing{number, settings, version});
  for (const auto& listing : next->by_number) next->by_id.emplace(listing->settings.id, listing.get());
  page_ = std::move(next);
  version_.store(version, std::memory_order_release);
}

}  // namespace doorbuster::sale
