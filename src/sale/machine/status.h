// What everybody may know about a sale: the numbers behind its public page.
#pragma once

#include <optional>

#include "sale/machine/types.h"

namespace doorbuster::sale {

// Invariant: available + offered + held + paying + sold = units. Trivially copyable, so that it can be published
// without locks.
struct PublicStatus {
  SaleNumber sale;
  SaleState state = SaleState::kDraft;
  bool published = false;  // a draft is not, nor is what was closed as one
  uint32_t units = 0;
  uint32_t available = 0;
  uint32_t offered = 0;
  uint32_t held = 0;
  uint32_t paying = 0;
  uint32_t sold = 0;
  uint32_t waiting = 0;
  uint32_t now_serving = 0;    // the highest position that has been offered a unit
  uint32_t last_position = 0;  // the last one given
  Timestamp all_held_at;       // 0: not yet
  Timestamp all_sold_at;       // 0: not yet
  bool operator==(const PublicStatus&) const = default;
};

}  // namespace doorbuster::sale
