#include "links/settings.h"

#include "ops/settings/rules.h"

namespace doorbuster::links {

void add_settings(ops::SettingsTable& table, LinksSettings& settings) {
  table.text("links.base_url", settings.base_url, ops::site_address_or_empty,
             "What short links begin with, such as \"https://go.example\", where a domain of their own leads to this "
             "server. Empty: base_url.");
  table.integer("links.cached", settings.cached, {.min = 64, .max = 16'777'216},
                "How many links, and codes that are none, each reactor remembers; of one that is asked for often "
                "nothing is read.");
  table.integer("links.cache_mebibytes", settings.cache_mebibytes, {.min = 8, .max = 1'048'576},
                "Memory for what the store of links has read from disk, for all reactors together.");
}

}  // namespace doorbuster::links
