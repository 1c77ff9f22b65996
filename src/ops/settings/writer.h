// Writes a table of settings as commented TOML that reads back to the same values.
#pragma once

#include <string>
#include <string_view>

#include "ops/settings/table.h"

namespace doorbuster::ops {

// `defaults` is the same table over values that nobody has changed; `head` is the comment before the first setting.
// Secrets are in it.
[[nodiscard]] std::string write_settings(std::string_view head, const SettingsTable& table,
                                         const SettingsTable& defaults);

}  // namespace doorbuster::ops
