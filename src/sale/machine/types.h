// The words of the sale, as types: numbers, states and the reasons for saying no.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/customer_hash.h"
#include "base/strong.h"
#include "base/time.h"

namespace doorbuster::sale {

// The upper 8 bits are the cell that decides about the sale, so that a number says by itself whom to ask; the lower 24
// count the cell's sales: 0, 1, 2, ... in the order of their creation. It never changes and is never given twice.
using SaleNumber = Strong<struct SaleNumberTag, uint32_t>;
inline constexpr uint32_t kSaleIndexBits = 24;
inline constexpr uint32_t kSalesACellMax = 1U << kSaleIndexBits;
inline constexpr uint32_t kCellsMax = 255;

[[nodiscard]] constexpr SaleNumber sale_number(CellId cell, uint32_t index) {
  return SaleNumber(cell.value() << kSaleIndexBits | index);
}
[[nodiscard]] constexpr CellId cell_of(SaleNumber sale) { return CellId(sale.value() >> kSaleIndexBits); }
// Which of its cell's sales it is.
[[nodiscard]] constexpr uint32_t index_of(SaleNumber sale) { return sale.value() & (kSalesACellMax - 1); }

// A slot of a bounded table and how often that slot has been used before: a number that is never given twice.
template <class Tag>
struct SlotNumber {
  uint32_t slot = 0;
  uint32_t generation = 0;
  constexpr auto operator<=>(const SlotNumber&) const = default;
  [[nodiscard]] constexpr uint64_t packed() const { return uint64_t{generation} << 32 | slot; }
  static constexpr SlotNumber unpacked(uint64_t value) {
    return {static_cast<uint32_t>(value), static_cast<uint32_t>(value >> 32)};
  }
};
using HoldNumber = SlotNumber<struct HoldTag>;
using EntryNumber = SlotNumber<struct EntryTag>;

inline constexpr uint32_t kNoSlot = UINT32_MAX;

// A client's Idempotency-Key and what it was sent with, both hashed. A key of 0 means that none was sent.
struct Idempotency {
  uint64_t key = 0;
  uint64_t fingerprint = 0;  // of the method, the target and the body
  constexpr auto operator<=>(const Idempotency&) const = default;
};

// A pass is a safety net in front of a site: units are visitors inside at once, a hold is a visit that nobody pays for,
// and what is over is soon forgotten.
enum class QueueKind : uint8_t { kNone, kFifo, kDraw, kPass };

// How we know a customer: guests cost nothing to make, so they share a part of the room (quota.h).
enum class CustomerKind : uint8_t {
  kOfShop,  // by a token that one of the shop's keys has signed
  kGuest,   // by a cookie of ours
};

enum class SaleState : uint8_t { kDraft, kScheduled, kPrequeue, kOpen, kPaused, kClosed };

enum class HoldState : uint8_t { kFree, kHeld, kPaying, kSold, kReleased, kExpired };

// Whether an entry has a place in its line, which an entry that is delayed gets later.
enum class Placement : uint8_t {
  kPlaced,   // or enrolled in a draw, which gives the place
  kDelayed,  // among those who still get one
  kNever,    // was over before it got one
};

enum class EntryState : uint8_t {
  kFree,
  kWaiting,
  kOffered,
  kHolding,
  kPaying,
  kBought,
  kLapsed,
  kLeft,
  kRemoved,
  kMissed
};

// What became of a payment that succeeded for a hold that no longer waits for it.
enum class RefundState : uint8_t { kNone, kDue, kDone };

// What became of a payment, as far as the machine decides about it.
enum class PaymentResult : uint8_t { kSucceeded, kFailed };

// What the provider calls a payment.
enum class PaymentName : uint8_t {
  kOfItsOwn,  // an id made for it: so it was once
  kByOrder,   // the order's id, and, from the second attempt on, which it is
};

// Why money that was paid buys nothing.
enum class MoneyReason : uint8_t {
  kAnotherAmount,  // than the price, or in another currency
  kSecondPayment,  // of an attempt that has brought its money
  kNothingIsLeft,  // of what it was for: the hold is forgotten, or the sale archived
};

enum class SaleAction : uint8_t { kPublish, kPause, kResume, kClose };

// The machine's answer in one word. Everything from kSoldOut on is a refusal: nothing has changed.
enum class Outcome : uint8_t {
  kDone,            // it was done now
  kAlready,         // it had been done before; this is what was made then
  kSoldOut,         // no unit is available at this moment
  kOnePerCustomer,  // the customer has as many units as one customer may
  kNotYourTurn,     // the entry has no offer, or there is no entry
  kSaleNotOpen,     // not open yet
  kSalePaused,
  kSaleClosed,
  kRemoved,           // an operator took the customer's entry out
  kNotFound,          // there is no such thing, or it is somebody else's
  kExpired,           // the hold's time was up
  kReleased,          // the hold was given back
  kAlreadySold,       // it is paid for: ask for a refund, it can't be released
  kPaymentInFlight,   // a payment is under way: its result has to come first
  kTooManyAttempts,   // kMaxPaymentAttempts payments of the hold failed, or kMaxAbandonedPayments holds of the customer
  kTooManyEntries,    // kMaxAbandonedEntries entries of this customer came to nothing
  kKeyReused,         // the idempotency key came with another request before
  kIdTaken,           // a sale has that id
  kWrongState,        // the sale's state does not allow this action
  kUnitsInUse,        // fewer units are free than should be withdrawn
  kTermsChanged,      // the sale has other settings, or another message, than whoever asked had read
  kNoQueue,           // the sale has no queue to join
  kNothingToPay,      // a visit is not bought
  kNoBeacon,          // the sale's draw waits for none
  kBeaconNotDue,      // nobody can know the value of its round yet
  kBeaconGiven,       // another value was given, and the draw has happened
  kBeaconPassed,      // the value of its round may be known by now, and who takes part is not fixed
  kInvalidSettings,   // together with what it has, the sale would contradict itself
  kLimitReached,      // a configured bound is full: sales, holds or entries
  kNoRoomToAnnotate,  // the bound for what may be attached is full: without it there would be room
  kSaleShareTaken,    // the sale has as much of the table of holds, or entries, as the other sales leave it
  kGuestShareTaken,   // the rest of the table, or of the sale's part of it, is for customers with a token
};

[[nodiscard]] constexpr bool refused(Outcome outcome) { return outcome >= Outcome::kSoldOut; }

constexpr Outcome last_of(Outcome) { return Outcome::kGuestShareTaken; }

// The last value of each enum that is stored, for the check when it is read back.
constexpr CustomerKind last_of(CustomerKind) { return CustomerKind::kGuest; }
constexpr QueueKind last_of(QueueKind) { return QueueKind::kPass; }
constexpr SaleState last_of(SaleState) { return SaleState::kClosed; }
constexpr HoldState last_of(HoldState) { return HoldState::kExpired; }
constexpr EntryState last_of(EntryState) { return EntryState::kMissed; }
constexpr Placement last_of(Placement) { return Placement::kNever; }
constexpr MoneyReason last_of(MoneyReason) { return MoneyReason::kNothingIsLeft; }
constexpr PaymentName last_of(PaymentName) { return PaymentName::kByOrder; }

// A payment that was declined may be tried again this often, while the hold lives.
inline constexpr uint8_t kMaxPaymentAttempts = 8;

// How long what is over is remembered, so that a late look, a late payment or a repeated request finds it.
inline constexpr Duration kRememberResolved = Duration::seconds(24 * 3600);

// The same, where the next visitor may be the same one again: long enough for a page that asks once a minute.
inline constexpr Duration kRememberVisit = Duration::seconds(120);

// The same, of what came to nothing, while a table is so full that the room is needed: long enough for a page to tell
// what became of it (docs/decisions/0071).
inline constexpr Duration kRememberAbandoned = Duration::seconds(300);

// So that nobody fills the tables alone (docs/decisions/0052). Of each customer in each sale are remembered at most so
// many holds that are over and for which no payment was started; no payment is started any more when so many others are
// over; and nobody joins any more who has left, or let lapse, so many entries without buying. Far more than people
// need.
inline constexpr uint32_t kMaxUntriedHolds = 8;
inline constexpr uint32_t kMaxAbandonedPayments = 8;
inline constexpr uint32_t kMaxAbandonedEntries = 16;

[[nodiscard]] std::string_view name_of(QueueKind kind);
[[nodiscard]] std::string_view name_of(SaleState state);
[[nodiscard]] std::string_view name_of(HoldState state);
[[nodiscard]] std::string_view name_of(EntryState state);
[[nodiscard]] std::string_view name_of(RefundState state);
[[nodiscard]] std::string_view name_of(MoneyReason reason);

}  // namespace doorbuster::sale
