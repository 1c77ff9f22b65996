// What an operator sets of the guard beside its policy, which is a file of its own (policy.h).
#pragma once

#include <string>
#include <vector>

#include "ops/settings/table.h"

namespace doorbuster::guard {

struct GuardSettings {
  std::string policy = "drop";
  std::vector<std::string> trusted_proxies;
  std::string country_database;
  std::string network_database;
  std::string country_header;
  std::string fingerprint_header;
  std::string decision_log;
  uint32_t keys = 500'000;
  uint32_t challenges = 1'024;
};

void add_settings(ops::SettingsTable& table, GuardSettings& settings);

}  // namespace doorbuster::guard
