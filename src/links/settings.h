// What an operator can set of short links.
#pragma once

#include <string>
#include <vector>

#include "links/api/code_maker.h"
#include "links/api/link_base.h"
#include "ops/settings/table.h"

namespace doorbuster::links {

struct LinksSettings {
  std::string base_url = {};             // empty: the server's
  std::string not_found_url = {};        // there
  std::vector<LinkDomain> domains = {};  // beside it
  CodesBy codes = CodesBy::kNumber;
  uint64_t cached = 65'536;
  uint64_t cache_mebibytes = 128;
  std::vector<std::string> threat_lists = {};  // paths
  std::string robots = {};                     // likewise; empty: the usual text
  std::string report_abuse = {};               // where people report links; empty: nowhere
  uint64_t counts_kibibytes = 16'384;
  uint64_t events_kept = 100'000;
};

void add_settings(ops::SettingsTable& table, LinksSettings& settings);

}  // namespace doorbuster::links
