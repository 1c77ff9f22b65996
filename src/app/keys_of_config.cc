#include "app/keys_of_config.h"

#include <algorithm>

namespace doorbuster::app {

Result<void> add_configured_keys(auth::KeyStore& keys, const std::vector<sale::ShopKeySettings>& wanted,
                                 Timestamp now) {
  const auto known = keys.snapshot();
  for (const sale::ShopKeySettings& key : wanted) {
    const auto& shops = known->records.shops;
    const bool is_known =
        std::any_of(shops.begin(), shops.end(), [&](const auth::ShopKey& shop) { return shop.id == key.id; });
    if (is_known) continue;
    TRY(keys.add_shop_key(
        {.name = "from the configuration", .id = key.id, .public_key = key.public_key, .secret = key.secret}, now));
  }
  return {};
}

}  // namespace doorbuster::app
