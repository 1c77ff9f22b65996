// What an operator can set of recommendations.
#pragma once

#include "ops/settings/table.h"
#include "recs/machine/recs_machine.h"

namespace doorbuster::recs {

struct RecsSettings {
  Capacity capacity = {};
  uint64_t history = 100;
};

void add_settings(ops::SettingsTable& table, RecsSettings& settings);

}  // namespace doorbuster::recs
