#include "sale/machine/quota.h"

#include <algorithm>

#include "base/bug_zoo.h"

namespace doorbuster::sale {
namespace {

uint64_t percent_of(uint64_t whole, uint32_t percent) { return whole * percent / 100; }

// A table may be fuller than its limit: a log that was written with a higher one is taken in whole.
uint64_t what_is_left(uint64_t whole, uint64_t used) { return whole > used ? whole - used : 0; }

}  // namespace

Outcome room_for(CustomerKind kind, const SharedRoom& room, const Usage& of_sale, uint64_t wanted) {
  ASSERT(of_sale.all <= room.used.all && of_sale.guests <= room.used.guests);
  const uint64_t of_others = room.used.all - of_sale.all;
  const uint64_t left = what_is_left(room.capacity, of_others);
  const uint64_t for_sale = bug_planted(Bug::kSaleTakesAll) ? left : percent_of(left, room.sale_percent);
  if (kind == CustomerKind::kGuest && !bug_planted(Bug::kGuestsTakeTheReserve)) {
    const uint64_t guests = percent_of(room.capacity, room.guest_percent);
    const uint64_t left_to_guests = what_is_left(guests, room.used.guests - of_sale.guests);
    const uint64_t for_guests =
        std::min(percent_of(left_to_guests, room.sale_percent), percent_of(for_sale, room.guest_percent));
    if (of_sale.guests + wanted > for_guests) return Outcome::kGuestShareTaken;
  }
  if (of_sale.all + wanted <= for_sale) return Outcome::kDone;
  if (kind == CustomerKind::kGuest) return Outcome::kSaleShareTaken;
  const uint64_t reserve = std::min(percent_of(for_sale, 100 - room.guest_percent),
                                    percent_of(what_is_left(left, of_sale.guests), room.sale_percent));
  return of_sale.all - of_sale.guests + wanted <= reserve ? Outcome::kDone : Outcome::kSaleShareTaken;
}

}  // namespace doorbuster::sale
