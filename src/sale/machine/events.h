// What has happened: the only thing that changes a machine's state, and all that a log of sales consists of.
//
// Every event is written as its kind, its length and its fields (see archive.h); the first of them is always the sale,
// so that a follower need not remember whose a hold or an entry is. An event has no time of its own: it happened at the
// time of its batch. Kinds and fields are for ever: a changed event is a new kind, or has a tail that older ones have
// not (docs/formats/sale-events.md). Batches of before events had a length are read as they always were.
//
// What is attached to a hold or an entry is in each of their events, so that a follower need not remember it: record()
// (step.h) sees to that.
#pragma once

#include <string>

#include "sale/machine/draw_events.h"
#include "sale/machine/payment_events.h"

namespace doorbuster::sale {

struct SaleCreated {
  static constexpr auto kKind = EventKind::kSaleCreated;
  SaleNumber sale;
  SaleState state{};  // kDraft or kScheduled
  Settings settings;
  Cause cause;
  template <class Archive>
  void fields(Archive& archive) {
    archive(sale, state, settings, cause);
    archive.tail(settings.entry_rules);
  }
  [[nodiscard]] Touched touches() const { return {.sale = sale, .words = true}; }
};

// The settings as a whole, as they are from now on; another number of units adds or withdraws the difference.
struct SaleChanged {
  static constexpr auto kKind = EventKind::kSaleChanged;
  SaleNumber sale;
  Settings settings;
  Cause cause;
  template <class Archive>
  void fields(Archive& archive) {
    archive(sale, settings, cause);
    archive.tail(settings.entry_rules);
  }
  [[nodiscard]] Touched touches() const { return {.sale = sale, .words = true}; }
};

struct SaleMoved {
  static constexpr auto kKind = EventKind::kSaleMoved;
  SaleNumber sale;
  SaleState to{};
  Cause cause;
  template <class Archive>
  void fields(Archive& archive) {
    archive(sale, to, cause);
  }
  [[nodiscard]] Touched touches() const { return {.sale = sale}; }
};

// Long after the close: of the sale's holds and entries those in these slots are forgotten, from the first up to, and
// without, the last. With the first of them the sale is as good as archived: nobody finds a hold or an entry of it.
struct RecordsForgotten {
  static constexpr auto kKind = EventKind::kRecordsForgotten;
  SaleNumber sale;
  uint32_t holds_from = 0;
  uint32_t holds_until = 0;
  uint32_t entries_from = 0;
  uint32_t entries_until = 0;
  template <class Archive>
  void fields(Archive& archive) {
    archive(sale, holds_from, holds_until, entries_from, entries_until);
  }
  [[nodiscard]] Touched touches() const { return {.sale = sale}; }
};

// All of its entries and holds are forgotten, and so is the sale itself, but for its id. In a log from before
// RecordsForgotten they are forgotten with this event.
struct SaleArchived {
  static constexpr auto kKind = EventKind::kSaleArchived;
  SaleNumber sale;
  template <class Archive>
  void fields(Archive& archive) {
    archive(sale);
  }
  [[nodiscard]] Touched touches() const { return {.sale = sale}; }
};

// Of the present stock the last unit was held for the first time. Says only what follows from the event before it, so
// that a follower need not count.
struct AllHeld {
  static constexpr auto kKind = EventKind::kAllHeld;
  SaleNumber sale;
  template <class Archive>
  void fields(Archive& archive) {
    archive(sale);
  }
  [[nodiscard]] Touched touches() const { return {.sale = sale}; }
};

// The same, for the last unit sold.
struct AllSold {
  static constexpr auto kKind = EventKind::kAllSold;
  SaleNumber sale;
  template <class Archive>
  void fields(Archive& archive) {
    archive(sale);
  }
  [[nodiscard]] Touched touches() const { return {.sale = sale}; }
};

// What the operator tells those who wait, instead of what was said before; empty: nothing any more.
struct SaleAnnounced {
  static constexpr auto kKind = EventKind::kSaleAnnounced;
  SaleNumber sale;
  std::string text;
  Cause cause;
  template <class Archive>
  void fields(Archive& archive) {
    archive(sale, text, cause);
  }
  [[nodiscard]] Touched touches() const { return {.sale = sale, .words = true}; }
};

struct Joined {
  static constexpr auto kKind = EventKind::kJoined;
  SaleNumber sale;
  EntryNumber entry;
  uint32_t position = 0;  // 1 is the first
  CustomerHash customer;
  Idempotency idempotency;
  AnnotationsBox annotations = {};
  Assessment assessment = {};
  CustomerKind kind{};
  template <class Archive>
  void fields(Archive& archive) {
    archive(sale, entry, position, customer, idempotency);
    archive.tail_and_mark(annotations, assessment, kind);
  }
  [[nodiscard]] Touched touches() const { return {.sale = sale, .entry = entry, .newcomer = customer}; }
};

// Joined, and gets a place later: behind the others of the minute. Who has come before a draw takes no part in it.
struct JoinDelayed {
  static constexpr auto kKind = EventKind::kJoinDelayed;
  SaleNumber sale;
  EntryNumber entry;
  Timestamp place_at;  // 0: with the draw
  CustomerHash customer;
  Idempotency idempotency;
  AnnotationsBox annotations = {};
  Assessment assessment = {};
  CustomerKind kind{};
  template <class Archive>
  void fields(Archive& archive) {
    archive(sale, entry, place_at, customer, idempotency);
    archive.tail_and_mark(annotations, assessment, kind);
  }
  [[nodiscard]] Touched touches() const { return {.sale = sale, .entry = entry, .newcomer = customer}; }
};

// Who was delayed has a place now, behind all others.
struct EntryPlaced {
  static constexpr auto kKind = EventKind::kEntryPlaced;
  SaleNumber sale;
  EntryNumber entry;
  uint32_t position = 0;
  AnnotationsBox annotations = {};
  template <class Archive>
  void fields(Archive& archive) {
    archive(sale, entry, position);
    archive.tail(annotations);
  }
  [[nodiscard]] Touched touches() const { return {.sale = sale, .entry = entry}; }
};

struct Offered {
  static constexpr auto kKind = EventKind::kOffered;
  SaleNumber sale;
  EntryNumber entry;
  Timestamp claim_until;
  AnnotationsBox annotations = {};
  template <class Archive>
  void fields(Archive& archive) {
    archive(sale, entry, claim_until);
    archive.tail(annotations);
  }
  [[nodiscard]] Touched touches() const { return {.sale = sale, .entry = entry}; }
};

// The sale is paused: nobody loses a turn that they cannot take.
struct OfferExtended {
  static constexpr auto kKind = EventKind::kOfferExtended;
  SaleNumber sale;
  EntryNumber entry;
  Timestamp claim_until;
  template <class Archive>
  void fields(Archive& archive) {
    archive(sale, entry, claim_until);
  }
  [[nodiscard]] Touched touches() const { return {.sale = sale, .entry = entry}; }
};

struct OfferLapsed {
  static constexpr auto kKind = EventKind::kOfferLapsed;
  SaleNumber sale;
  EntryNumber entry;
  AnnotationsBox annotations = {};
  template <class Archive>
  void fields(Archive& archive) {
    archive(sale, entry);
    archive.tail(annotations);
  }
  [[nodiscard]] Touched touches() const { return {.sale = sale, .entry = entry}; }
};

struct EntryLeft {
  static constexpr auto kKind = EventKind::kEntryLeft;
  SaleNumber sale;
  EntryNumber entry;
  AnnotationsBox annotations = {};
  template <class Archive>
  void fields(Archive& archive) {
    archive(sale, entry);
    archive.tail(annotations);
  }
  [[nodiscard]] Touched touches() const { return {.sale = sale, .entry = entry}; }
};

struct EntryRemoved {
  static constexpr auto kKind = EventKind::kEntryRemoved;
  SaleNumber sale;
  EntryNumber entry;
  Cause cause;
  AnnotationsBox annotations = {};
  template <class Archive>
  void fields(Archive& archive) {
    archive(sale, entry, cause);
    archive.tail(annotations);
  }
  [[nodiscard]] Touched touches() const { return {.sale = sale, .entry = entry}; }
};

// It came to nothing, and nobody has to find it any more: in a sale whose queue is a pass, since kRememberVisit, or
// because its hold was forgotten; in any other, while a table was nearly full (retention.h).
struct EntryForgotten {
  static constexpr auto kKind = EventKind::kEntryForgotten;
  SaleNumber sale;
  EntryNumber entry;
  template <class Archive>
  void fields(Archive& archive) {
    archive(sale, entry);
  }
  [[nodiscard]] Touched touches() const { return {.sale = sale, .entry = entry}; }
};

struct Held {
  static constexpr auto kKind = EventKind::kHeld;
  SaleNumber sale;
  HoldNumber hold;
  std::optional<EntryNumber> entry;  // whose offer was claimed
  CustomerHash customer;
  Timestamp expires_at;
  Idempotency idempotency;
  AnnotationsBox annotations = {};
  CustomerKind kind{};
  template <class Archive>
  void fields(Archive& archive) {
    archive(sale, hold, entry, customer, expires_at, idempotency);
    archive.tail_and_mark(annotations, kind);
  }
  [[nodiscard]] Touched touches() const { return {.sale = sale, .hold = hold, .newcomer = customer}; }
};

struct HoldReleased {
  static constexpr auto kKind = EventKind::kHoldReleased;
  SaleNumber sale;
  HoldNumber hold;
  Cause cause;  // empty where the customer gave it back
  AnnotationsBox annotations = {};
  template <class Archive>
  void fields(Archive& archive) {
    archive(sale, hold, cause);
    archive.tail(annotations);
  }
  [[nodiscard]] Touched touches() const { return {.sale = sale, .hold = hold, .ends_hold = true}; }
};

struct HoldExpired {
  static constexpr auto kKind = EventKind::kHoldExpired;
  SaleNumber sale;
  HoldNumber hold;
  AnnotationsBox annotations = {};
  template <class Archive>
  void fields(Archive& archive) {
    archive(sale, hold);
    archive.tail(annotations);
  }
  [[nodiscard]] Touched touches() const { return {.sale = sale, .hold = hold, .ends_hold = true}; }
};

struct HoldForgotten {
  static constexpr auto kKind = EventKind::kHoldForgotten;
  SaleNumber sale;
  HoldNumber hold;
  template <class Archive>
  void fields(Archive& archive) {
    archive(sale, hold);
  }
  [[nodiscard]] Touched touches() const { return {.sale = sale, .hold = hold}; }
};

// Appends the event to a payload.
template <class E>
void encode(E& event, std::vector<std::byte>& out);

// Calls visit(event) for each event of a batch's payload. kCorrupt if the bytes are not events, one behind the other,
// or one of them is of a kind that this version does not know.
template <class Visit>
[[nodiscard]] Result<void> for_each_event(Bytes payload, Visit&& visit);

// The same for those who can do without what they do not know: pass_over(kind) is called for an event of an unknown
// kind that says how long it is. It counts as an event of the batch.
template <class Visit, class PassOver>
[[nodiscard]] Result<void> for_each_known_event(Bytes payload, Visit&& visit, PassOver&& pass_over);

}  // namespace doorbuster::sale

#include "sale/machine/events_inl.h"
