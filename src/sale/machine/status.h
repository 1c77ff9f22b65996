// What everybody may know about a sale: the numbers behind its public page.
#pragma once

#include <optional>
#include <string>

#include "base/crypto.h"
#include "sale/machine/draw/beacon.h"
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
  uint32_t offers = 0;         // made so far
  uint32_t claims = 0;         // of those
  Timestamp all_held_at;       // 0: not yet
  Timestamp all_sold_at;       // 0: not yet
  bool has_draw = false;
  bool is_draw_closed = false;  // who takes part is fixed
  bool is_drawn = false;
  uint32_t drawn = 0;    // entries so far, or, once that is closed, those that take part
  Digest commitment{};   // of a draw
  Digest draw_secret{};  // zeros until it is drawn
  Digest draw_root{};    // zeros until it is closed
  BeaconValue beacon;    // none until it is drawn
  bool operator==(const PublicStatus&) const = default;
};

// All that the machine still knows of a sale that is archived.
struct ArchivedId {
  SaleNumber sale;
  std::string id;
};

}  // namespace doorbuster::sale
