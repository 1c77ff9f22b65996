// Secrets that come from the configuration, or are made on the first start.
#pragma once

#include <string>

#include "app/config.h"
#include "auth/keys.h"

namespace doorbuster::app {

// Adds the shop keys that the configuration names and the store does not have yet.
[[nodiscard]] Result<void> add_configured_keys(auth::KeyStore& keys, const std::vector<sale::ShopKeySettings>& wanted,
                                               Timestamp now);

}  // namespace doorbuster::app
