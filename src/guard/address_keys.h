// What an address is counted by: a customer's own network, and what lies beside it.
#pragma once

#include <cstdint>
#include <cstring>

#include "net/peer_address.h"

namespace doorbuster::guard {

struct AddressKeys {
  uint64_t address_high, address_low;
  uint64_t prefix_high, prefix_low;
};

// IPv4: the address and its /24. IPv6: its /64, which is the least that a provider gives one customer, and its /56,
// which is what many get (RFC 6177).
[[nodiscard]] inline AddressKeys keys_of(const net::PeerAddress& address) {
  const auto big_endian = [](const uint8_t* bytes) {
    uint64_t word = 0;
    std::memcpy(&word, bytes, sizeof word);
    return __builtin_bswap64(word);
  };
  const uint64_t high = big_endian(address.bytes.data());
  const uint64_t low = big_endian(address.bytes.data() + 8);
  if (address.is_v4()) return {high, low, high, low & ~uint64_t{0xFF}};
  return {high, 0, high & ~uint64_t{0xFF}, 0};
}

}  // namespace doorbuster::guard
