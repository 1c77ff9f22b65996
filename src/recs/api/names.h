// What stands for a name: hashes under keys that never leave the server, so that nobody can make two names share one,
// and a log in foreign hands tells nobody's. A user is known by the hash by which the sale knows the same customer.
#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>

#include "auth/customer_id.h"
#include "base/encoding.h"
#include "base/siphash.h"
#include "recs/machine/recs_event.h"

namespace doorbuster::recs {

class Names {
 public:
  explicit Names(Bytes master_key)
      : customers_(master_key),
        high_(derive_key(master_key, "doorbuster recs names high v1")),
        low_(derive_key(master_key, "doorbuster recs names low v1")) {}

  [[nodiscard]] NameHash item(std::string_view name) const { return hash('i', name); }
  [[nodiscard]] NameHash session(std::string_view name) const { return hash('s', name); }
  [[nodiscard]] NameHash user(std::string_view name) const { return user(customers_.of_subject(name)); }
  [[nodiscard]] static NameHash user(const CustomerHash& customer) {
    return {.high = customer.high, .low = customer.low};
  }
  // As the sale's events write a customer; none if it is no such text.
  [[nodiscard]] static NameHash customer(std::string_view hex) {
    std::array<uint64_t, 2> words{};
    if (!from_hex(hex, std::as_writable_bytes(std::span(words)))) return {};
    return {.high = __builtin_bswap64(words[0]), .low = __builtin_bswap64(words[1])};
  }
  // Of the id of an event; never 0.
  [[nodiscard]] uint64_t event(std::string_view id) const {
    const uint64_t value = hash('e', id).low;
    return value == 0 ? 1 : value;
  }
  [[nodiscard]] uint64_t network(Bytes address) const { return hash('n', as_text(address)).low; }

 private:
  [[nodiscard]] NameHash hash(char kind, std::string_view name) const {
    std::string text(1, kind);
    text += name;
    return {.high = high_(as_bytes(text)), .low = low_(as_bytes(text))};
  }

  const auth::CustomerHasher customers_;
  const SipHash high_;
  const SipHash low_;
};

}  // namespace doorbuster::recs
