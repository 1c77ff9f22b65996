// The kinds of events, what an event touches, and who causes it: what every event is made of (events.h).
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "base/annotations.h"
#include "sale/machine/archive.h"
#include "sale/machine/event_list.h"

namespace doorbuster::sale {

enum class EventKind : uint8_t {
#define DOORBUSTER_KIND_OF(Name, number) k##Name = (number),
  DOORBUSTER_SALE_EVENTS(DOORBUSTER_KIND_OF)
#undef DOORBUSTER_KIND_OF
};

struct NamedKind {
  EventKind kind;
  std::string_view name;
};

// Every kind, with the name that documents give it.
inline constexpr auto kEventKinds = std::to_array<NamedKind>({
#define DOORBUSTER_NAMED(Name, number) {EventKind::k##Name, #Name},
    DOORBUSTER_SALE_EVENTS(DOORBUSTER_NAMED)
#undef DOORBUSTER_NAMED
});

// What an event is about: each says it of itself.
struct Touched {
  SaleNumber sale;  // always one
  std::optional<HoldNumber> hold = {};
  std::optional<EntryNumber> entry = {};      // a hold's own is reached through the hold
  std::optional<CustomerHash> newcomer = {};  // who got a hold or an entry by it
  bool words = false;                         // what is said of the sale: its settings, or the operator's message
  bool ends_hold = false;                     // without that it was bought
};

// Who did it and why. The actor is the id of an operator's key, or empty where the clock or the customer did it.
struct Cause {
  std::string actor;
  std::string reason;
  Idempotency idempotency;
  template <class Archive>
  void fields(Archive& archive) {
    archive(actor, reason, idempotency);
  }
};

}  // namespace doorbuster::sale
