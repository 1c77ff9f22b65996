#include "sale/views/directory.h"

#include "base/assert.h"

namespace doorbuster::sale {

void Directory::publish(SaleNumber number, const Settings& settings, std::string message,
                        const std::optional<Beacon>& beacon) {
  const std::lock_guard lock(mutex_);
  auto next = std::make_shared<Page>();
  next->by_number = page_->by_number;
  ASSERT(number.value() <= next->by_number.size());
  if (number.value() == next->by_number.size()) next->by_number.emplace_back();
  const uint64_t version = version_.load(std::memory_order_relaxed) + 1;
  auto& listing = next->by_number[number.value()];
  auto customers = listing ? listing->customers : std::make_shared<CustomerFilter>(settings.units);
  listing = std::make_shared<const Listing>(
      Listing{number, settings, std::move(message), beacon, version, std::move(customers)});
  for (const auto& one : next->by_number) next->by_id.emplace(one->settings.id, one.get());
  page_ = std::move(next);
  version_.store(version, std::memory_order_release);
}

void Directory::add_customers(SaleNumber number, const std::vector<CustomerHash>& customers) {
  if (customers.empty()) return;
  const Listing* listing = page_->find(number);  // this thread alone replaces the page
  ASSERT(listing != nullptr);
  for (const CustomerHash& customer : customers) listing->customers->add(customer);
}

}  // namespace doorbuster::sale
