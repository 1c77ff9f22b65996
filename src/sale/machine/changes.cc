#include "sale/machine/changes.h"

namespace doorbuster::sale {

Publication Changes::publication_of(const State& state, SaleNumber number) {
  const Sale& sale = state.sale_at(number.value());
  OfSale& changed = of(sale.slot);
  Publication publication{
      .status = state.status_of(number), .newcomers = std::exchange(changed.newcomers, {}), .used = state.used()};
  if (std::exchange(changed.change, Change::kNone) != Change::kSettings) return publication;
  publication.settings = std::make_unique<const Settings>(sale.settings);
  publication.message = sale.message;
  publication.beacon = beacon_of(sale);
  return publication;
}

}  // namespace doorbuster::sale
