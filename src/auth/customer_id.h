// Turns the id by which a shop knows a customer into the hash by which we do.
#pragma once

#include <string_view>

#include "base/crypto.h"
#include "base/customer_hash.h"

namespace doorbuster::auth {

// For use from any number of threads. The key is derived from the master key, so a hash means nothing elsewhere, and
// the same customer keeps the same hash across restarts.
class CustomerHasher {
 public:
  explicit CustomerHasher(Bytes master_key) : key_(derive_key(master_key, "doorbuster customer v1")) {}

  // The customer whom a shop's token names in `sub`.
  [[nodiscard]] CustomerHash of_subject(std::string_view sub) const { return hash("s", sub); }
  // A guest, by the id in their cookie. Never equal to a subject's, whatever its text.
  [[nodiscard]] CustomerHash of_guest(Bytes id) const { return hash("g", as_text(id)); }

 private:
  [[nodiscard]] CustomerHash hash(std::string_view kind, std::string_view id) const;

  HmacSha256 key_;
};

}  // namespace doorbuster::auth
