// What this process says of itself to those who rely on it: to clients, what an acknowledged order survives; in the
// log's table of cells, who it is.
#pragma once

#include <string>

#include "log/log.h"
#include "ops/health.h"

namespace doorbuster::app {

// What the log itself attests, and not what the configuration asked for.
[[nodiscard]] ops::Durability attested_by(const log::Log& log);

// "host:process", by which people find the process that owns a cell.
[[nodiscard]] std::string name_of_this_process();

}  // namespace doorbuster::app
