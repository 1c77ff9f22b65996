#include "sale/views/descriptions.h"

namespace doorbuster::sale {

void Descriptions::on(const SaleCreated& event, const EventPlace&) {
  SaleDescription& sale = sales_[event.sale];
  sale.settings = event.settings;
  sale.published = event.state != SaleState::kDraft;
}

// More units than before are not all held, or sold.
void Descriptions::on(const SaleChanged& event, const EventPlace&) {
  SaleDescription& sale = sales_[event.sale];
  if (event.settings.units > sale.settings.units) sale.all_held_at = sale.all_sold_at = Timestamp();
  sale.settings = event.settings;
}

void Descriptions::on(const SaleMoved& event, const EventPlace&) {
  if (event.to != SaleState::kClosed) sales_[event.sale].published = true;
}

void Descriptions::on(const SaleAnnounced& event, const EventPlace&) { sales_[event.sale].message = event.text; }
void Descriptions::on(const BeaconNamed& event, const EventPlace&) { sales_[event.sale].beacon = event.beacon; }
void Descriptions::on(const AllHeld& event, const EventPlace& place) { sales_[event.sale].all_held_at = place.at; }
void Descriptions::on(const AllSold& event, const EventPlace& place) { sales_[event.sale].all_sold_at = place.at; }
void Descriptions::on(const Joined& event, const EventPlace&) { sales_[event.sale].last_position = event.position; }
void Descriptions::on(const EntryPlaced& event, const EventPlace&) {
  sales_[event.sale].last_position = event.position;
}
void Descriptions::on(const Enrolled& event, const EventPlace&) { sales_[event.sale].last_position = event.arrival; }

const SaleDescription& Descriptions::of(SaleNumber sale) const {
  const auto found = sales_.find(sale);
  ASSERT(found != sales_.end());
  return found->second;
}

}  // namespace doorbuster::sale
