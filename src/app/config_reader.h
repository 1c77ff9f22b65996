// Reads the configuration file: TOML 1.0, by toml++.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/config.h"

namespace doorbuster::app {

inline constexpr size_t kLargestConfigFile = 1'048'576;

// Sets in `config` what `text` says. Returns what is wrong, each with "NAME:LINE: " before it, where `name` is the
// file's; empty if all of it was understood. Whatever is in the text, nothing is thrown.
[[nodiscard]] std::vector<std::string> read_config(std::string_view text, std::string_view name, Config& config);

}  // namespace doorbuster::app
