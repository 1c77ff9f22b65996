#include "app/keys_of_config.h"

namespace doorbuster::app {
namespace {

std::string_view words_of_change(auth::ConfiguredChange change) {
  switch (change) {
    case auth::ConfiguredChange::kAdded:
      return "new in the configuration: its tokens count";
    case auth::ConfiguredChange::kReplaced:
      return "changed in the configuration: tokens of the secret before are refused";
    case auth::ConfiguredChange::kRemoved:
      return "not in the configuration any more: its tokens are refused";
    case auth::ConfiguredChange::kStillRevoked:
      break;
  }
  return "revoked by API, and stays so though the configuration names it: take it out, or give it another secret";
}

}  // namespace

Result<void> apply_configured_keys(platform::OperatorAccess& operators,
                                   const std::vector<sale::ShopKeySettings>& wanted, Timestamp now,
                                   const ops::Logger& logger) {
  std::vector<auth::NewShopKey> configured;
  for (const sale::ShopKeySettings& key : wanted) {
    configured.push_back(
        {.name = "from the configuration", .id = key.id, .public_key = key.public_key, .secret = key.secret});
  }
  for (const auth::ConfiguredKeyChange& each : TRY(operators.keys.configure(configured, now))) {
    const std::string_view what = words_of_change(each.change);
    logger.warning("shop key", {{"key", each.id}, {"what", what}});
    if (each.change == auth::ConfiguredChange::kStillRevoked) continue;
    TRY(operators.trail->add({.number = 0,
                              .at = now,
                              .actor = "",
                              .action = "key configured",
                              .detail = "shop key " + each.id + ": " + std::string(what),
                              .address = ""}));
  }
  return {};
}

}  // namespace doorbuster::app
