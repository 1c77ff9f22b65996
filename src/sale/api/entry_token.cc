#include "sale/api/entry_token.h"

#include <array>

#include "base/encoding.h"

namespace doorbuster::sale {

std::string EntryTokens::issue(SaleNumber sale, EntryNumber entry) const {
  constexpr size_t kTagBytes = 16;
  std::vector<std::byte> token;
  token.reserve(3 * sizeof(uint32_t) + kTagBytes);
  ByteWriter bytes(token);
  bytes.integer(sale.value());
  bytes.integer(entry.slot);
  bytes.integer(entry.generation);
  const Digest tag = key_.sign(token);
  bytes.raw(Bytes(tag).first(kTagBytes));
  return to_base64url(token);
}

bool EntryTokens::fits(std::string_view token, SaleNumber sale, EntryNumber entry) const {
  return equal_in_constant_time(as_bytes(token), as_bytes(issue(sale, entry)));
}

}  // namespace doorbuster::sale
