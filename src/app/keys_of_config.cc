#include "app/keys_of_config.h"

#include <algorithm>
#include <filesystem>

#include "platform/outbound/payment_secret.h"

namespace doorbuster::app {

Result<void> add_configured_keys(auth::KeyStore& keys, const CustomersConfig& customers, Timestamp now) {
  const auto known = keys.snapshot();
  for (const ShopKeyConfig& wanted : customers.shop_keys) {
    const auto& shops = known->records.shops;
    const bool is_known =
        std::any_of(shops.begin(), shops.end(), [&](const auth::ShopKey& key) { return key.id == wanted.id; });
    if (is_known) continue;
    TRY(keys.add_shop_key(
        {.name = "from the configuration", .id = wanted.id, .public_key = wanted.public_key, .secret = wanted.secret},
        now));
  }
  return {};
}

Result<std::string> payment_secret(const Config& config) {
  if (!config.payment.secret.empty()) return config.payment.secret;
  return platform::payment_secret(std::filesystem::path(config.data) / "payment.secret");
}

}  // namespace doorbuster::app
