// All that the server keeps of a customer: a keyed hash of the id by which the shop knows them.
//
// 128 bits of HMAC-SHA-256 under a key that never leaves the server, so that a log or a backup in foreign hands tells
// nobody's name, while the same person is still recognised everywhere. Collisions: below 10^-19 among a billion
// customers.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>

namespace doorbuster {

struct CustomerHash {
  uint64_t high = 0;
  uint64_t low = 0;
  constexpr auto operator<=>(const CustomerHash&) const = default;
};

}  // namespace doorbuster

// The value is uniform already; tables that hold customers of one shop need no further mixing.
template <>
struct std::hash<doorbuster::CustomerHash> {
  size_t operator()(const doorbuster::CustomerHash& customer) const noexcept { return customer.low; }
};
