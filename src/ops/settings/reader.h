// Reads a configuration file into a table of settings: TOML 1.0, by toml++.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ops/settings/table.h"

namespace doorbuster::ops {

inline constexpr size_t kLargestSettingsFile = 1'048'576;

// Sets in the table's places what `text` says. Returns what is wrong, each with "NAME:LINE: " before it, where `name`
// is the file's; empty if all of it was understood. `shown_by` is the command that shows all settings there are.
// Whatever is in the text, nothing is thrown.
[[nodiscard]] std::vector<std::string> read_settings(std::string_view text, std::string_view name,
                                                     const SettingsTable& table,
                                                     std::string_view shown_by = "doorbuster serve --print-config");

// kInvalid with all of them, a line each; nothing wrong where there is none.
[[nodiscard]] Result<void> none_or_error(const std::vector<std::string>& problems);

}  // namespace doorbuster::ops
