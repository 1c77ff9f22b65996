#include "sale/machine/changes.h"

namespace doorbuster::sale {

Publication Changes::publication_of(const State& state, SaleNumber number) {
  OfSale& changed = of(number);
  Publication publication{state.status_of(number), nullptr, {}, {}, std::exchange(changed.newcomers, {})};
  if (std::exchange(changed.change, Change::kNone) != Change::kSettings) return publication;
  const Sale& sale = state.sale_at(number.value());
  publication.settings = std::make_unique<const Settings>(sale.settings);
  publication.message = sale.message;
  publication.beacon = beacon_of(sale);
  return publication;
}

}  // namespace doorbuster::sale
