// The token that a customer gets with their place in line: whoever has it may ask how far the line has come, from any
// device, without the shop's token.
//
// base64url of: sale, 4 bytes | entry slot, 4 | generation, 4 | HMAC-SHA-256 over these truncated to 16. Nothing is
// stored.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/crypto.h"
#include "sale/machine/types.h"

namespace doorbuster::sale {

class EntryTokens {
 public:
  explicit EntryTokens(Bytes master_key) : key_(derive_key(master_key, "doorbuster entry token v1")) {}

  [[nodiscard]] std::string issue(SaleNumber sale, EntryNumber entry) const;
  // Whether the text is the token of that entry.
  [[nodiscard]] bool fits(std::string_view token, SaleNumber sale, EntryNumber entry) const;

 private:
  HmacSha256 key_;
};

}  // namespace doorbuster::sale
