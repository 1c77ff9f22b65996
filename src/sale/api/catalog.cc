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

const Forecast* SaleCatalog::forecast(const Listing& listing, const PublicStatus& status, Timestamp now) const {
  constexpr Duration kGoodFor = Duration::seconds(1);
  const bool is_over = status.state == SaleState::kClosed || listing.slot == kNoSlot;
  if (is_over || listing.settings.queue == QueueKind::kPass) return nullptr;
  Outlook& outlook = outlooks_[listing];
  if (outlook.sale != listing.number) {
    outlook.sale = listing.number;
    outlook.history.forget();
    outlook.forecast.reset();
  }
  const bool is_fresh = outlook.forecast && now >= outlook.made_at && now - outlook.made_at < kGoodFor;
  if (is_fresh) return &*outlook.forecast;
  outlook.made_at = now;
  outlook.history.note(listing.settings, status, now);
  return &outlook.forecast.emplace(listing.settings, status, outlook.history, now);
}

const Listing& SaleCatalog::at(SaleNumber sale) const {
  if (const Listing* listing = find(sale)) return *listing;
  ASSERT(page().knows(sale));
  return keep({.number = sale,
               .customers = std::make_shared<CustomerFilter>(0),
               .live = std::make_shared<LiveStatus>(PublicStatus{.sale = sale, .state = SaleState::kClosed})});
}

}  // namespace doorbuster::sale
