// The steps of a visit to a sale: look, join, wait, reserve, pay. Each is what the API's document says of it; what goes
// wrong ends the step, not the client.
#pragma once

#include <optional>
#include <string>

#include "stampede/shopper.h"

namespace doorbuster::stampede {

struct Entry {
  std::string id;
  std::string token;
  std::string state;
  std::optional<Timestamp> delayed_until;  // by the guard
  Duration next_poll = Duration::seconds(1);
};

struct Hold {
  std::string id;
  Timestamp expires_at;
};

struct Reserved {
  std::optional<Hold> hold;
  std::string problem;         // where there is none: "sold-out"
  bool may_come_back = false;  // units are on hold
};

// The public numbers of the sale; how many units are free.
[[nodiscard]] Task<uint64_t> look(Shopper& who);
[[nodiscard]] Task<std::optional<Entry>> join(Shopper& who);
// Asks once how the entry stands.
[[nodiscard]] Task<> poll(Shopper& who, Entry& entry);
[[nodiscard]] Task<Reserved> reserve(Shopper& who);
[[nodiscard]] Task<bool> release(Shopper& who, const Hold& hold);
// Starts a payment and goes no further: where to pay, if it was begun.
[[nodiscard]] Task<std::optional<std::string>> begin_payment(Shopper& who, const Hold& hold);
// To the end. Whether the unit was sold.
[[nodiscard]] Task<bool> pay(Shopper& who, const Hold& hold, Duration at_the_provider);

}  // namespace doorbuster::stampede
