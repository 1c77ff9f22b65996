#include "guard/settings.h"

#include <algorithm>

#include "net/networks.h"
#include "ops/settings/rules.h"

namespace doorbuster::guard {
namespace {

Result<void> network(std::string_view text) {
  TRY(net::Networks::make({std::string(text)}));
  return {};
}

Result<void> field_name_or_empty(std::string_view text) {
  const bool is_token = std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
  return is_token ? Result<void>() : fail(ErrorCode::kInvalid, "must be the name of a header field, such as X-Country");
}

}  // namespace

void add_settings(ops::SettingsTable& table, GuardSettings& settings) {
  table.text("guard.policy", settings.policy, ops::not_empty,
             "How often who may ask: \"open\", \"drop\", \"fortress\", or the path of a policy (docs/guard.md). Read "
             "again on SIGHUP.");
  table.text_list("guard.trusted_proxies", settings.trusted_proxies, network,
                  "Addresses and networks (10.0.0.0/8) of your own proxies: what these say in X-Forwarded-For is "
                  "believed, and nobody else is.");
  table.text("guard.country_database", settings.country_database, ops::any_text,
             "Path of a database of countries in MaxMind's format (.mmdb), of any vendor. Without one every country is "
             "ZZ, unknown. Read again on SIGHUP.");
  table.text("guard.network_database", settings.network_database, ops::any_text,
             "Path of a database of autonomous systems in that format, for the policy's lists. Read again on SIGHUP.");
  table.text("guard.country_header", settings.country_header, field_name_or_empty,
             "The header field in which the trusted proxies say the client's country (CF-IPCountry), in place of a "
             "database.");
  table.text("guard.fingerprint_header", settings.fingerprint_header, field_name_or_empty,
             "The header field in which the trusted proxies say the TLS fingerprint of the client (JA3, JA4), for the "
             "policy's fingerprints.tools.");
  table.text(
      "guard.decision_log", settings.decision_log, ops::any_text,
      "Path of a file to which each scored join and reserve is appended, a line of JSON: what doorbuster guard "
      "train learns from (docs/formats/guard-decisions.md). Personal data. Opened again on SIGHUP. Empty: none.");
  table.integer("guard.keys", settings.keys, {.min = 1'000, .max = 100'000'000},
                "Addresses, networks, sessions and customers that are remembered at once: 16 bytes each, or up to "
                "twice that. When there are more, those that have nearly rested are forgotten first.");
  table.integer(
      "guard.challenges", settings.challenges, {.min = 16, .max = 1'000'000},
      "Challenges that are made ahead, half a kilobyte each, while nobody else needs the core: as many people "
      "as may ask for one in the first seconds of a drop. Beside them a quarter as many for when they run low, and for "
      "suspects.");
}

}  // namespace doorbuster::guard
