// The state of all sales of one cell, and the only code that changes it: apply(event).
//
// Holds and entries live in bounded tables of fixed-size records, found by their slot or through an index by (sale,
// customer); nothing allocates while customers come. State knows no time but what events carry, and no timers: which
// deadlines there are can always be worked out from it (deadline_of), so that a replay has nothing to arm until it is
// through.
#pragma once

#include <array>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/flat_index.h"
#include "base/reserved_array.h"
#include "sale/machine/departures.h"
#include "sale/machine/draw/sale_draw.h"
#include "sale/machine/events.h"
#include "sale/machine/outflow.h"
#include "sale/machine/status.h"

namespace doorbuster::sale {

inline constexpr uint32_t kNoSlot = UINT32_MAX;

// Bounds of the tables. Address space is reserved for all of it, memory is taken as it is used.
struct Capacity {
  uint32_t sales = 1'000;
  uint32_t holds = 4'000'000;
  uint32_t entries = 4'000'000;
  uint32_t operator_keys = 10'000;  // idempotency keys of operators that are remembered
};

struct Hold {
  CustomerHash customer;
  Timestamp expires_at;
  uint64_t key;          // idempotency key of the reserve, 0 for none
  uint64_t payment_key;  // of the newest payment
  uint32_t fingerprint;
  uint32_t payment_fingerprint;
  uint32_t sale;
  uint32_t entry;  // slot, or kNoSlot
  uint32_t
      next_of_customer;  // the customer's next older hold in this sale, or kNoSlot; of a free slot: the next free one
  uint32_t generation;
  HoldState state;
  uint8_t attempts;         // payments started
  uint8_t succeeded;        // bit i: payment i + 1 brought money
  uint8_t refunded;         // bit i: and that went back
  uint8_t sold_by_attempt;  // the payment that bought the unit, or 0
  uint8_t failed;           // bit i: payment i + 1 was declined
};
static_assert(sizeof(Hold) <= 72, "a live hold has to stay below 100 bytes with its timer and its index");

struct Entry {
  CustomerHash customer;
  Timestamp claim_until;  // of an offer; of what is over without a hold, where that is soon forgotten: when it ended
  uint64_t key;
  uint32_t fingerprint;
  uint32_t sale;
  uint32_t arrival;        // 1 is the first; but for a draw, it is the position too
  uint32_t hold;           // slot of the newest hold, or kNoSlot
  uint32_t next_in_queue;  // but for a draw: slot of the next position, or kNoSlot; of a free slot: the next free one
  uint32_t older_of_customer;  // slot of the customer's entry before this one in the sale, or kNoSlot
  uint32_t generation;
  EntryState state;
};
static_assert(sizeof(Entry) <= 64);

struct Sale {
  Settings settings;
  SaleState state = SaleState::kDraft;
  bool archived = false;
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
  uint32_t refunds_due = 0;
  Timestamp opened_at;
  Timestamp closed_at;
  Outflow outflow;
  Timestamp claims_until;  // no offer lapses before: the newest pause has taken time from it
  std::optional<Timestamp> all_held_at;
  std::optional<Timestamp> all_sold_at;
  std::string message;  // of the operator, to those who wait
  Departures departures;
  std::unique_ptr<SaleDraw> draw;  // if the queue is one
};

// That the sale's draw waits for, or has waited for, if there is one.
[[nodiscard]] const std::optional<Beacon>& beacon_of(const Sale& sale);

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
[[nodiscard]] inline bool forgets_soon(const Sale& sale) { return sale.settings.queue == QueueKind::kPass; }

// Whether an entry is over without that its sale is, and without a unit.
[[nodiscard]] constexpr bool is_over(const Entry& entry) {
  return entry.state == EntryState::kLapsed || entry.state == EntryState::kLeft || entry.state == EntryState::kRemoved;
}

// Whether an entry is over, and came to nothing: no unit was bought with it, or no visit made.
[[nodiscard]] inline bool is_vain(const Entry& entry, const Sale& sale) {
  const bool is_without_unit = entry.state == EntryState::kLapsed || entry.state == EntryState::kLeft;
  return is_without_unit && !(forgets_soon(sale) && entry.hold != kNoSlot);
}

// When an offered entry's turn ends. A pause takes nobody's turn away: after it there is time to claim from anew.
[[nodiscard]] Timestamp claim_end(const Entry& entry, const Sale& sale);

// The public id of an entry, which its leaf of the draw is made of: 26 characters. Has to give the same for ever.
using EntryNamer = std::function<std::array<char, kEntryIdBytes>(SaleNumber, EntryNumber)>;
// Where nothing has to be kept from guessing: the numbers in hexadecimal.
[[nodiscard]] std::array<char, kEntryIdBytes> plain_entry_name(SaleNumber sale, EntryNumber entry);

class SnapshotCheck;

class State {
 public:
  explicit State(const Capacity& capacity, EntryNamer namer = plain_entry_name);

  // Changes the state by one event that happened at `at`. The event has to fit: it was decided on this very state.
#define DOORBUSTER_APPLY(Name, number) void apply(const Name& event, Timestamp at);
  DOORBUSTER_SALE_EVENTS(DOORBUSTER_APPLY)
#undef DOORBUSTER_APPLY

  // Questions. Slots and numbers come from outside: what does not exist is nullptr.
  [[nodiscard]] const Sale* find_sale(SaleNumber number) const;
  [[nodiscard]] std::optional<SaleNumber> sale_named(const std::string& id) const;
  [[nodiscard]] const Hold* find_hold(HoldNumber number) const;
  [[nodiscard]] const Entry* find_entry(EntryNumber number) const;
  [[nodiscard]] const Hold& hold_at(uint32_t slot) const { return holds_[slot]; }
  [[nodiscard]] const Entry& entry_at(uint32_t slot) const { return entries_[slot]; }
  [[nodiscard]] const Sale& sale_at(uint32_t number) const { return *sales_[number]; }
  [[nodiscard]] uint32_t sale_count() const { return static_cast<uint32_t>(sales_.size()); }
  [[nodiscard]] uint32_t hold_slots() const { return static_cast<uint32_t>(holds_.size()); }
  [[nodiscard]] uint32_t entry_slots() const { return static_cast<uint32_t>(entries_.size()); }

  // The newest hold, or entry, of a customer in a sale; kNoSlot if there is none.
  [[nodiscard]] uint32_t newest_hold_of(SaleNumber sale, const CustomerHash& customer) const;
  [[nodiscard]] uint32_t entry_of(SaleNumber sale, const CustomerHash& customer) const;
  void prefetch(SaleNumber sale, const CustomerHash& customer) const;

  // The numbers that the next hold, entry and sale get; none if the table is full.
  [[nodiscard]] std::optional<HoldNumber> next_hold() const;
  [[nodiscard]] std::optional<EntryNumber> next_entry() const;
  [[nodiscard]] std::optional<SaleNumber> next_sale() const;

  [[nodiscard]] HoldNumber number_of_hold(uint32_t slot) const { return {slot, holds_[slot].generation}; }
  [[nodiscard]] EntryNumber number_of_entry(uint32_t slot) const { return {slot, entries_[slot].generation}; }

  // The first entry that still waits; kNoSlot if nobody does.
  [[nodiscard]] uint32_t first_waiting(SaleNumber sale) const;
  // Whether nobody waits who came before the entry.
  [[nodiscard]] bool has_passed(const Entry& entry) const;
  // If the entry is the first that waits: those between it and the next who waits.
  [[nodiscard]] std::vector<uint32_t> gone_behind(uint32_t slot) const;
  [[nodiscard]] uint32_t people_ahead(const Entry& entry) const;
  [[nodiscard]] uint32_t position_of(const Entry& entry) const;  // from 1; 0 before the draw
  [[nodiscard]] EntryState state_of(const Entry& entry) const;   // with `missed` worked out

  // What an operator's idempotency key was used for.
  struct OperatorRequest {
    uint64_t fingerprint;
    SaleNumber sale;
    bool operator==(const OperatorRequest&) const = default;
  };
  [[nodiscard]] const OperatorRequest* operator_request(uint64_t key) const;

  // The lower half of the fingerprint with which a key started a payment of the hold, whichever that was.
  [[nodiscard]] std::optional<uint32_t> payment_fingerprint(uint32_t hold, uint64_t key) const;

  [[nodiscard]] PublicStatus status_of(SaleNumber sale) const;
  [[nodiscard]] const Capacity& capacity() const { return capacity_; }

  void save(std::vector<std::byte>& out) const;
  [[nodiscard]] Result<void> load(Bytes bytes);  // into a fresh state only

 private:
  friend struct Tampering;  // tests break promises on purpose, to see that it is noticed

  Sale& sale_of(SaleNumber number);
  Sale& sale_of(const Hold& hold) { return *sales_[hold.sale]; }
  Sale& sale_of(const Entry& entry) { return *sales_[entry.sale]; }
  Hold& live(HoldNumber number);
  Entry& live(EntryNumber number);
  void index_hold(uint32_t slot, uint32_t older);
  void index_entry(uint32_t slot, uint32_t older);
  void add_entry(SaleNumber sale, EntryNumber entry, uint32_t arrival, const CustomerHash& customer,
                 const Idempotency& idempotency);
  [[nodiscard]] uint32_t behind(const Sale& sale, uint32_t slot) const;
  void advance_head(Sale& sale);
  void note_departure(const Entry& entry);
  void depart(Entry& entry, EntryState to);
  void note_end(Entry& entry, Timestamp at);
  void withdraw(Entry& entry, EntryState to, Timestamp at);
  void end_offer(Entry& entry, EntryState to, Timestamp at);
  void free_unit(Hold& hold, HoldState to);
  void settle_entry(const Hold& hold, EntryState to);
  void note_moments(Sale& sale, Timestamp at);
  void forget_hold(uint32_t slot);
  void forget_entry(uint32_t slot);
  void line_up(const std::vector<uint32_t>& line);
  void remember(const Cause& cause, SaleNumber sale);
  [[nodiscard]] bool load_sales(Reader& archive);
  [[nodiscard]] bool load_operator_keys(Reader& archive);
  [[nodiscard]] bool load_older_payments(Reader& archive);
  [[nodiscard]] bool rebuild_indices(const SnapshotCheck& check);

  Capacity capacity_;
  EntryNamer namer_;
  std::vector<std::unique_ptr<Sale>> sales_;
  std::map<std::string, SaleNumber, std::less<>> sale_by_id_;
  ReservedArray<Hold> holds_;
  ReservedArray<Entry> entries_;
  uint32_t free_holds_ = kNoSlot;
  uint32_t free_entries_ = kNoSlot;
  // By slot, the keys of the payments before the newest: few holds ever have a second payment.
  struct PaymentRequest {
    uint64_t key;
    uint32_t fingerprint;
  };
  std::map<uint32_t, std::vector<PaymentRequest>> older_payments_;
  FlatIndex hold_index_;
  FlatIndex entry_index_;
  std::map<uint64_t, OperatorRequest> operator_requests_;
  std::deque<uint64_t> operator_keys_in_order_;
};

}  // namespace doorbuster::sale
