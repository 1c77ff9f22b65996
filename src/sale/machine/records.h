// What the machine keeps of a sale, a hold and an entry, and what can be told from one alone.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "sale/machine/departures.h"
#include "sale/machine/draw/sale_draw.h"
#include "sale/machine/outflow.h"
#include "sale/machine/quota.h"
#include "sale/machine/settings.h"

namespace doorbuster::sale {

struct Hold {
  CustomerHash customer;
  Timestamp until;       // then the unit is no longer kept; if it was given back unpaid: when that was (ended_at)
  uint64_t key;          // idempotency key of the reserve, 0 for none
  uint64_t payment_key;  // of the newest payment
  uint32_t fingerprint;
  uint32_t payment_fingerprint;
  uint32_t sale;
  uint32_t entry;  // slot, or kNoSlot
  union {
    uint32_t older_of_customer;  // slot of the customer's hold before this one in the sale, or kNoSlot
    uint32_t next_free;          // of a free slot: the next one
  };
  uint32_t generation;
  HoldState state;
  uint8_t attempts;         // payments started
  uint8_t succeeded;        // bit i: payment i + 1 brought money
  uint8_t refunded;         // bit i: and that went back
  uint8_t sold_by_attempt;  // the payment that bought the unit, or 0
  uint8_t failed;           // bit i: payment i + 1 was declined
  CustomerKind kind;
};
static_assert(sizeof(Hold) <= 72, "a live hold has to stay below 100 bytes with its timer and its index");

struct Entry {
  CustomerHash customer;
  Timestamp until;  // of an offer: when it lapses (claim_end); of what is over: see ended_at; of what is delayed: see
                    // placement_due
  uint64_t key;
  uint32_t fingerprint;
  uint32_t sale;
  uint32_t arrival;  // 1 is the first; but for a draw, it is the position too; 0: not placed
  uint32_t hold;     // slot of the newest hold, or kNoSlot
  union {
    uint32_t next_in_queue;  // but for a draw: slot of the next position, or kNoSlot; or of who is delayed next
    uint32_t next_free;      // of a free slot: the next one
  };
  uint32_t older_of_customer;  // slot of the customer's entry before this one in the sale, or kNoSlot
  uint32_t generation;
  EntryState state;
  CustomerKind kind;
  Placement placement;
};
static_assert(sizeof(Entry) <= 64);

// A sale's draw, if it has one: as constant as its sale.
class OwnedDraw {
 public:
  OwnedDraw& operator=(std::unique_ptr<SaleDraw> draw) {
    draw_ = std::move(draw);
    return *this;
  }
  [[nodiscard]] SaleDraw* get() { return draw_.get(); }
  [[nodiscard]] const SaleDraw* get() const { return draw_.get(); }
  SaleDraw* operator->() { return draw_.get(); }
  const SaleDraw* operator->() const { return draw_.get(); }
  SaleDraw& operator*() { return *draw_; }
  const SaleDraw& operator*() const { return *draw_; }
  bool operator==(std::nullptr_t) const { return draw_ == nullptr; }

 private:
  std::unique_ptr<SaleDraw> draw_;
};

struct Sale {
  Settings settings;
  SaleState state = SaleState::kDraft;
  bool archived = false;   // its holds and entries are forgotten, or are being forgotten
  bool published = false;  // what never was is nobody's business but the operators', closed or not
  uint32_t available = 0;
  uint32_t offered = 0;
  uint32_t held = 0;
  uint32_t paying = 0;
  uint32_t sold = 0;
  uint32_t waiting = 0;
  uint32_t last_position = 0;
  uint32_t now_serving = 0;
  uint32_t offers = 0;            // made so far
  uint32_t claims = 0;            // of those
  uint32_t queue_head = kNoSlot;  // the first entry that may still wait
  uint32_t queue_tail = kNoSlot;
  uint32_t delayed_head = kNoSlot;  // the first that waits for a place
  uint32_t delayed_tail = kNoSlot;
  uint32_t refunds_due = 0;
  Timestamp opened_at;
  Timestamp closed_at;
  Outflow outflow;
  Timestamp claims_until;  // no offer lapses before: the newest pause has taken time from it
  std::optional<Timestamp> all_held_at;
  std::optional<Timestamp> all_sold_at;
  std::string message;  // of the operator, to those who wait
  Usages used;          // by it of the tables
  uint32_t slot = 0;    // among the sales that are kept (sale_table.h)
  Departures departures;
  OwnedDraw draw;  // if the queue is one
};

// That the sale's draw waits for, or has waited for, if there is one.
[[nodiscard]] const std::optional<Beacon>& beacon_of(const Sale& sale);

// Whether those who come get a place: a draw has to come first.
[[nodiscard]] inline bool gives_places(const Sale& sale) { return sale.draw == nullptr || sale.draw->is_drawn(); }

// From when an entry that is delayed gets its place, as far as that is known: not before the draw.
[[nodiscard]] Timestamp placement_due(const Entry& entry, const Sale& sale);

constexpr uint8_t attempt_bit(uint8_t attempt) {
  ASSERT(attempt >= 1 && attempt <= kMaxPaymentAttempts);
  return static_cast<uint8_t>(1U << (attempt - 1));
}

// The payments of a hold that brought money which has to go back: bit i for payment i + 1.
constexpr uint8_t refunds_due(const Hold& hold) {
  const uint8_t bought = hold.sold_by_attempt == 0 ? uint8_t{0} : attempt_bit(hold.sold_by_attempt);
  return static_cast<uint8_t>(hold.succeeded & ~hold.refunded & ~bought);
}

// Whether a hold is over without having been bought.
[[nodiscard]] constexpr bool is_over(const Hold& hold) {
  return hold.state == HoldState::kReleased || hold.state == HoldState::kExpired;
}

// Whether every payment of a hold, if there was any, was declined. A provider that has said no may still say yes later.
[[nodiscard]] constexpr bool is_without_money(const Hold& hold) {
  return hold.succeeded == 0 && hold.failed == static_cast<uint8_t>((1U << hold.attempts) - 1);
}

// Whether a sale's entries and holds that are over are soon forgotten.
[[nodiscard]] inline bool has_short_retention(const Sale& sale) { return sale.settings.queue == QueueKind::kPass; }

// Whether every entry that there ever was in the sale is still there. Where places are drawn that is so until the
// close: the line is found by them. Elsewhere those that the line has passed may be forgotten.
[[nodiscard]] inline bool is_line_whole(const Sale& sale) {
  return sale.draw != nullptr && sale.state != SaleState::kClosed;
}

// Whether an entry waits for its place.
[[nodiscard]] constexpr bool is_delayed(const Entry& entry) {
  return entry.placement == Placement::kDelayed && entry.state == EntryState::kWaiting;
}

// Whether an entry is over without that its sale is, and without a unit.
[[nodiscard]] constexpr bool is_over(const Entry& entry) {
  return entry.state == EntryState::kLapsed || entry.state == EntryState::kLeft || entry.state == EntryState::kRemoved;
}

// Whether an entry is over, and came to nothing: no unit was bought with it, or no visit made.
[[nodiscard]] inline bool is_abandoned(const Entry& entry, const Sale& sale) {
  const bool is_without_unit = entry.state == EntryState::kLapsed || entry.state == EntryState::kLeft;
  return is_without_unit && !(has_short_retention(sale) && entry.hold != kNoSlot);
}

// When they ended, of those that are over: of a hold, if no payment was started for it. One whose time was up ended
// when it was.
[[nodiscard]] constexpr Timestamp ended_at(const Hold& hold) { return hold.until; }
[[nodiscard]] constexpr Timestamp ended_at(const Entry& entry) { return entry.until; }

// When an offered entry's turn ends. A pause takes nobody's turn away: after it there is time to claim from anew.
[[nodiscard]] Timestamp claim_end(const Entry& entry, const Sale& sale);

}  // namespace doorbuster::sale
