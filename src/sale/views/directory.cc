#include "sale/views/directory.h"

#include "base/assert.h"

namespace doorbuster::sale {

void Directory::publish(SaleNumber number, const Settings& settings, std::string message,
                        const std::optional<Beacon>& beacon) {
  const std::lock_guard lock(publishing_);
  auto next = std::make_shared<Page>();
  next->by_cell = page()->by_cell;
  const uint32_t cell = cell_of(number).value();
  if (cell >= next->by_cell.size()) next->by_cell.resize(cell + size_t{1});
  auto& sales = next->by_cell[cell];
  ASSERT(index_of(number) <= sales.size());
  if (index_of(number) == sales.size()) sales.emplace_back();
  const uint64_t version = version_.load(std::memory_order_relaxed) + 1;
  auto& listing = sales[index_of(number)];
  auto customers = listing ? listing->customers : std::make_shared<CustomerFilter>(settings.units);
  listing = std::make_shared<const Listing>(
      Listing{number, settings, std::move(message), beacon, version, std::move(customers)});
  next->for_each([&](const Listing& one) { next->by_id.emplace(one.settings.id, &one); });
  {
    const std::lock_guard swapping(mutex_);
    page_ = std::move(next);
  }
  version_.store(version, std::memory_order_release);
}

void Directory::add_customers(SaleNumber number, const std::vector<CustomerHash>& customers) {
  if (customers.empty()) return;
  const auto now = page();
  const Listing* listing = now->find(number);
  ASSERT(listing != nullptr);
  for (const CustomerHash& customer : customers) listing->customers->add(customer);
}

}  // namespace doorbuster::sale
