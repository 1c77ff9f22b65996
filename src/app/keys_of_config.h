// Shop keys that the configuration names, at a start.
#pragma once

#include <vector>

#include "app/config.h"
#include "ops/logging.h"
#include "platform/operators/operator_authenticator.h"

namespace doorbuster::app {

// Makes the keys fit the configuration (auth/configured_keys.h), and says what that changed: a line of the log and one
// of the audit trail for each.
[[nodiscard]] Result<void> apply_configured_keys(platform::OperatorAccess& operators,
                                                 const std::vector<sale::ShopKeySettings>& wanted, Timestamp now,
                                                 const ops::Logger& logger);

}  // namespace doorbuster::app
