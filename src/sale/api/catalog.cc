#include "sale/api/catalog.h"

#include <algorithm>
#include <utility>

#include "base/assert.h"

namespace doorbuster::sale {

const Listing& SaleCatalog::keep(Listing&& listing) const {
  return *archived_.emplace_back(std::make_shared<const Listing>(std::move(listing)));
}

const Listing* SaleCatalog::find_archived(SaleNumber sale) const {
  const auto found = std::ranges::find(archived_, sale, [](const auto& listing) { return listing->number; });
  if (found != archived_.end()) return found->get();
  const auto card = views_.of(sale).card(sale);
  if (card == nullptr) return nullptr;
  return &keep({.number = sale,
                .settings = card->said.settings,
                .message = card->said.message,
                .beacon = card->said.beacon,
                .customers = std::make_shared<CustomerFilter>(0),
                .live = std::make_shared<LiveStatus>(card->status)});
}

const Listing& SaleCatalog::at(SaleNumber sale) const {
  if (const Listing* listing = find(sale)) return *listing;
  ASSERT(page().knows(sale));
  return keep({.number = sale,
               .customers = std::make_shared<CustomerFilter>(0),
               .live = std::make_shared<LiveStatus>(PublicStatus{.sale = sale, .state = SaleState::kClosed})});
}

}  // namespace doorbuster::sale
