// What happens to a draw, from its commitment to its places. Rules are those of events.h.
#pragma once

#include "base/crypto.h"
#include "sale/machine/draw/beacon.h"
#include "sale/machine/event_kinds.h"

namespace doorbuster::sale {

// A sale whose queue is a draw keeps this secret from its creation on, and is bound to it.
struct DrawCommitted {
  static constexpr auto kKind = EventKind::kDrawCommitted;
  SaleNumber sale;
  Digest secret{};
  template <class Archive>
  void fields(Archive& archive) {
    archive(sale, secret);
  }
  [[nodiscard]] Touched touches() const { return {.sale = sale}; }
};

// Joined before the draw: there is no position yet.
struct Enrolled {
  static constexpr auto kKind = EventKind::kEnrolled;
  SaleNumber sale;
  EntryNumber entry;
  uint32_t arrival = 0;  // 1 is the first; the draw's index is one less
  CustomerHash customer;
  Idempotency idempotency;
  std::string nonce;  // the customer's own addition to the leaf, at most kDrawNonceBytesMax
  AnnotationsBox annotations = {};
  Assessment assessment = {};
  CustomerKind kind{};
  template <class Archive>
  void fields(Archive& archive) {
    archive(sale, entry, arrival, customer, idempotency, nonce);
    archive.tail_and_mark(annotations, assessment, kind);
  }
  [[nodiscard]] Touched touches() const { return {.sale = sale, .entry = entry, .newcomer = customer}; }
};

// Right after that: the draw waits for this round, and its value goes into the key.
struct BeaconNamed {
  static constexpr auto kKind = EventKind::kBeaconNamed;
  SaleNumber sale;
  Beacon beacon;
  template <class Archive>
  void fields(Archive& archive) {
    archive(sale, beacon);
  }
  [[nodiscard]] Touched touches() const { return {.sale = sale}; }
};

// Where a beacon is named: the opening fixes who takes part, before anybody knows the beacon's value.
struct DrawClosed {
  static constexpr auto kKind = EventKind::kDrawClosed;
  SaleNumber sale;
  uint32_t entries = 0;
  Digest root{};
  template <class Archive>
  void fields(Archive& archive) {
    archive(sale, entries, root);
  }
  [[nodiscard]] Touched touches() const { return {.sale = sale}; }
};

struct BeaconGiven {
  static constexpr auto kKind = EventKind::kBeaconGiven;
  SaleNumber sale;
  std::string value;  // 1 to kDrawBeaconBytesMax bytes
  Cause cause;
  template <class Archive>
  void fields(Archive& archive) {
    archive(sale, value, cause);
  }
  [[nodiscard]] Touched touches() const { return {.sale = sale}; }
};

// All who came before the opening got their places: with the opening, or, where a beacon is named, with its value.
struct Drawn {
  static constexpr auto kKind = EventKind::kDrawn;
  SaleNumber sale;
  uint32_t entries = 0;
  Digest root{};
  template <class Archive>
  void fields(Archive& archive) {
    archive(sale, entries, root);
  }
  [[nodiscard]] Touched touches() const { return {.sale = sale}; }
};

}  // namespace doorbuster::sale
