// Writes a table of settings as commented TOML that reads back to the same values.
#pragma once

#include <string>
#include <string_view>

#include "ops/settings/table.h"

namespace doorbuster::ops {

// Whether the settings can be given as flags, too.
enum class Flags : bool { kNone, kOneEach };

// `defaults` is the same table over values that nobody has changed; `head` is the comment before the first setting.
// Secrets are in it.
[[nodiscard]] std::string write_settings(std::string_view head, const SettingsTable& table,
                                         const SettingsTable& defaults, Flags flags = Flags::kOneEach);

}  // namespace doorbuster::ops
