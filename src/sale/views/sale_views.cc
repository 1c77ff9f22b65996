#include "sale/views/sale_views.h"

namespace doorbuster::sale {

PublicStatus final_status_of(const SaleViews& views, SaleNumber sale) {
  const SaleDescription& said = views.descriptions.of(sale);
  const FlowCounts counts = views.flow.of(sale).now;
  PublicStatus status{.sale = sale, .state = SaleState::kClosed, .published = said.published};
  status.units = said.settings.units;
  status.available = counts.available;
  status.sold = counts.sold;
  status.now_serving = views.fairness.now_serving(sale);
  status.last_position = said.last_position;
  status.offers = counts.offers;
  status.claims = static_cast<uint32_t>(views.reports.of(sale).claims);
  status.all_held_at = said.all_held_at;
  status.all_sold_at = said.all_sold_at;
  views.draws.tell(sale, status);
  return status;
}

}  // namespace doorbuster::sale
