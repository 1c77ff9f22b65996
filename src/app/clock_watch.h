// What operators see of the server's time when the wall clock was set: a line of the log, a warning in /readyz,
// metrics.
#pragma once

#include "base/server_clock.h"
#include "ops/logging.h"
#include "ops/metrics/registry.h"

namespace doorbuster::app {

void log_clock(const ops::Logger& logger, const ServerClock::State& state);

// The error says by how much the two are apart and what to do.
[[nodiscard]] Result<void> check_clock(const ServerClock::State& state);

// The clock outlives the metrics.
void register_clock_metrics(ops::Metrics& metrics, const ServerClock& clock);

}  // namespace doorbuster::app
