#include "guard/settings.h"

#include "net/networks.h"
#include "ops/settings/rules.h"

namespace doorbuster::guard {
namespace {

Result<void> network(std::string_view text) {
  TRY(net::Networks::make({std::string(text)}));
  return {};
}

}  // namespace

void add_settings(ops::SettingsTable& table, GuardSettings& settings) {
  table.text("guard.policy", settings.policy, ops::not_empty,
             "How often who may ask: \"open\", \"drop\", \"fortress\", or the path of a policy (docs/guard.md). Read "
             "again on SIGHUP.");
  table.text_list("guard.trusted_proxies", settings.trusted_proxies, network,
                  "Addresses and networks (10.0.0.0/8) of your own proxies: what these say in X-Forwarded-For is "
                  "believed, and nobody else is.");
  table.integer("guard.keys", settings.keys, {.min = 1'000, .max = 100'000'000},
                "Addresses, networks, sessions and customers that are remembered at once: 16 bytes each, or up to "
                "twice that. When there are more, those that have nearly rested are forgotten first.");
  table.integer(
      "guard.challenges", settings.challenges, {.min = 16, .max = 1'000'000},
      "Challenges that are made ahead, half a kilobyte each, while nobody else needs the core: as many people "
      "as may ask for one in the first seconds of a drop.");
}

}  // namespace doorbuster::guard
