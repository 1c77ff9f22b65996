// Secrets that come from the configuration, or are made on the first start.
#pragma once

#include <string>

#include "app/config.h"
#include "auth/keys.h"

namespace doorbuster::app {

// Adds the shop keys that the configuration names and the store does not have yet.
[[nodiscard]] Result<void> add_configured_keys(auth::KeyStore& keys, const std::vector<sale::ShopKeySettings>& wanted,
                                               Timestamp now);

// The secret shared with the payment provider. For the sandbox one is made on the first start and kept in
// DIR/payment.secret, where `doorbuster sandbox` finds it.
[[nodiscard]] Result<std::string> payment_secret(const Config& config);

}  // namespace doorbuster::app
