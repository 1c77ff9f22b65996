// The numbers of the process itself, under the names that every Prometheus client gives them: memory, CPU, open files,
// start.
#pragma once

#include "ops/metrics.h"

namespace doorbuster::ops {

// They are read from the operating system whenever somebody asks.
void observe_process(Metrics& metrics);

}  // namespace doorbuster::ops
