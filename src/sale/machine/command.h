// What may be asked of the machine, and what it answers.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "sale/machine/events.h"

namespace doorbuster::sale {

struct CreateSale {
  std::unique_ptr<Settings> settings;
  bool draft = false;
  Cause cause;
  Digest draw_secret{};                      // 32 random bytes, for a sale whose queue is a draw
  std::unique_ptr<Beacon> beacon = nullptr;  // that its draw waits for, if any
};

struct ChangeSale {
  SaleNumber sale;
  std::unique_ptr<SettingsPatch> patch;
  Cause cause;
  std::optional<std::string> message = {};  // what those who wait are told from now on; empty: nothing
  std::optional<TermsTag> of_terms = {};    // only as long as these are the sale's
};

struct ActOnSale {
  SaleNumber sale;
  SaleAction action{};
  Cause cause;
  std::optional<TermsTag> of_terms = {};  // only as long as these are the sale's
};

// What the beacon's round has turned out to be: with it the places are drawn.
struct GiveBeacon {
  SaleNumber sale;
  std::string value;  // 1 to kDrawBeaconBytesMax bytes
  Cause cause;
};

struct Join {
  SaleNumber sale;
  CustomerHash customer;
  Idempotency idempotency;
  std::string nonce = {};  // for the draw; at most kDrawNonceBytesMax
  AnnotationsBox annotations = {};
  CustomerKind kind{};
  Assessment assessment = {};  // default-constructed: nobody has looked
};

struct Leave {
  EntryNumber entry;
  CustomerHash customer;
};

struct RemoveEntry {
  EntryNumber entry;
  Cause cause;
};

// What is not among the annotations, the entry may have.
struct Reserve {
  SaleNumber sale;
  CustomerHash customer;
  Idempotency idempotency;
  AnnotationsBox annotations = {};
  CustomerKind kind{};
};

// By the customer, or, without one, by an operator.
struct Release {
  HoldNumber hold;
  std::optional<CustomerHash> customer;
  Cause cause;
};

struct StartPayment {
  HoldNumber hold;
  CustomerHash customer;
  Idempotency idempotency;
};

struct SettlePayment {
  HoldNumber hold;
  uint8_t attempt = 0;
  PaymentResult result{};
  std::string reference;               // of the payment: the same as often as it is told
  Money paid = {0, Currency("XXX")};   // says something if it succeeded
  SaleNumber sale = {};                // of the hold, which may be forgotten
  bool is_unknown_to_archive = false;  // of a sale that is archived: who asks has looked there for this payment
  PaymentName named = PaymentName::kByOrder;
};

struct SettleRefund {
  HoldNumber hold;
  uint8_t attempt = 0;
  std::string reference;             // of the payment
  std::optional<Money> amount = {};  // that went back, if that was said
  SaleNumber sale = {};
};

// Looks, without changing anything. Without a customer it is an operator who looks.
struct LookUpHold {
  HoldNumber hold;
  std::optional<CustomerHash> customer;
};

struct LookUpEntry {
  EntryNumber entry;
  std::optional<CustomerHash> customer;
};

using Command = std::variant<Reserve, LookUpHold, LookUpEntry, Join, Leave, RemoveEntry, Release, StartPayment,
                             SettlePayment, SettleRefund, CreateSale, ChangeSale, ActOnSale, GiveBeacon>;

struct HoldView {
  HoldNumber number;
  SaleNumber sale;
  HoldState state = HoldState::kFree;
  Timestamp expires_at;                     // or, of a visit that was given back, when that was
  uint8_t attempts = 0;                     // payments started
  RefundState refund = RefundState::kNone;  // of any of them
  bool operator==(const HoldView&) const = default;
};

struct EntryView {
  EntryNumber number;
  SaleNumber sale;
  EntryState state = EntryState::kFree;
  uint32_t position = 0;  // 0: not before the draw
  uint32_t arrival = 0;   // 1 is the first
  uint32_t people_ahead = 0;
  Timestamp claim_until;           // says something while offered only
  Timestamp delayed_until;         // 0: it has its place, or gets none any more
  std::optional<HoldNumber> hold;  // the newest, for as long as it is remembered
  bool operator==(const EntryView&) const = default;
};

struct Reply {
  Outcome outcome = Outcome::kDone;
  SaleState sale_state = SaleState::kDraft;
  SaleNumber sale;
  std::optional<HoldView> hold;
  std::optional<EntryView> entry;
  uint32_t units = 0;  // kSoldOut: units on hold, which may come back; kUnitsInUse: units that could be withdrawn
  AnnotationsBox annotations = {};  // of the hold, or of the entry
  bool operator==(const Reply&) const = default;
};

}  // namespace doorbuster::sale
