// The log of a world, read again from its first event and held against what was promised.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "log/log.h"
#include "recs/machine/recs_machine.h"
#include "recs/views/recs_tables.h"

namespace doorbuster::recs::sim {

struct LogCheck {
  std::map<uint64_t, uint32_t> ids;     // of events: how often each came
  std::unique_ptr<RecsTables> whole;    // tables from the log alone
  std::unique_ptr<RecsTables> without;  // tables that never heard of what was cancelled or forgotten
  std::vector<std::byte> snapshot;      // of a machine that was replayed
  uint64_t events = 0;
};

[[nodiscard]] Result<LogCheck> read_again(log::Log& log, const Capacity& capacity, uint64_t history);

}  // namespace doorbuster::recs::sim
