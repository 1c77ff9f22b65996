// What a shop's key is made from: by an operator's call, or by what the configuration names.
#pragma once

#include <string>
#include <string_view>

#include "auth/key_set.h"
#include "base/result.h"

namespace doorbuster::auth {

struct NewShopKey {
  std::string name;
  std::string id = {};          // made up when empty
  std::string public_key = {};  // PEM or base64url makes it an EdDSA key; empty makes an HS256 key
  std::string secret = {};      // HS256 only: the shop's own secret of at least 32 bytes; made up when empty
};

// kInvalid for a bad name, id or key.
[[nodiscard]] Result<void> check_key_name(std::string_view name);
[[nodiscard]] Result<void> check_key_id(std::string_view id);
[[nodiscard]] Result<ShopKey> make_shop_key(const NewShopKey& wanted, const std::string& id, Timestamp now);

}  // namespace doorbuster::auth
