// What an operator can set of the counters.
#pragma once

#include "ops/settings/table.h"

namespace doorbuster::counter {

struct CounterSettings {
  uint64_t limit = 1'000'000;
};

inline void add_settings(ops::SettingsTable& table, CounterSettings& settings) {
  table.integer("counter.limit", settings.limit, {.min = 1, .max = INT64_MAX}, "No counter passes this total.");
}

}  // namespace doorbuster::counter
