#include "sale/machine/quota.h"

#include <algorithm>

#include "base/bug_zoo.h"

namespace doorbuster::sale {
namespace {

uint64_t percent_of(uint64_t whole, uint32_t percent) { return whole * percent / 100; }

// A table may be fuller than its limit: a log that was written with a higher one is taken in whole.
uint64_t what_is_left(uint64_t whole, uint32_t used) { return whole > used ? whole - used : 0; }

}  // namespace

Outcome room_for(CustomerKind kind, const SharedTable& table, const RecordCount& of_sale) {
  ASSERT(of_sale.all <= table.used.all && of_sale.guests <= table.used.guests);
  const uint32_t of_others = table.used.all - of_sale.all;
  const uint64_t left = what_is_left(table.capacity, of_others);
  const uint64_t for_sale = bug_planted(Bug::kSaleTakesAll) ? left : percent_of(left, table.sale_percent);
  if (kind == CustomerKind::kGuest && !bug_planted(Bug::kGuestsTakeTheReserve)) {
    const uint64_t guests = percent_of(table.capacity, table.guest_percent);
    const uint64_t left_to_guests = what_is_left(guests, table.used.guests - of_sale.guests);
    const uint64_t for_guests =
        std::min(percent_of(left_to_guests, table.sale_percent), percent_of(for_sale, table.guest_percent));
    if (of_sale.guests >= for_guests) return Outcome::kGuestShareTaken;
  }
  if (of_sale.all < for_sale) return Outcome::kDone;
  if (kind == CustomerKind::kGuest) return Outcome::kSaleShareTaken;
  const uint64_t reserve = std::min(percent_of(for_sale, 100 - table.guest_percent),
                                    percent_of(what_is_left(left, of_sale.guests), table.sale_percent));
  return of_sale.all - of_sale.guests < reserve ? Outcome::kDone : Outcome::kSaleShareTaken;
}

}  // namespace doorbuster::sale
