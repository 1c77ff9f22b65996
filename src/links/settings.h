// What an operator can set of short links.
#pragma once

#include <string>

#include "ops/settings/table.h"

namespace doorbuster::links {

struct LinksSettings {
  std::string base_url = {};  // empty: the server's
  uint64_t cached = 65'536;
  uint64_t cache_mebibytes = 128;
};

void add_settings(ops::SettingsTable& table, LinksSettings& settings);

}  // namespace doorbuster::links
