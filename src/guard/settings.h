// What an operator sets of the guard beside its policy, which is a file of its own (policy.h).
#pragma once

#include <string>
#include <vector>

#include "ops/settings/table.h"

namespace doorbuster::guard {

struct GuardSettings {
  std::string policy = "drop";
  std::vector<std::string> trusted_proxies;
  uint32_t keys = 1'000'000;
  uint32_t challenges = 4'096;
};

void add_settings(ops::SettingsTable& table, GuardSettings& settings);

}  // namespace doorbuster::guard
