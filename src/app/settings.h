// The table of all settings: the application's own, and those of each service.
#pragma once

#include <string>
#include <vector>

#include "app/config.h"
#include "ops/settings/table.h"

namespace doorbuster::app {

// Bound to the configuration, which outlives the table.
[[nodiscard]] ops::SettingsTable settings_of(Config& config);

// What does not hold between settings, or on this machine, in sentences; empty if all is well. What passes starts, or
// is refused by what it asks for (a port, a folder), never by an assertion.
[[nodiscard]] std::vector<std::string> validate(const Config& config);

}  // namespace doorbuster::app
