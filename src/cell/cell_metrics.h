// What /metrics tells of a cell.
#pragma once

#include "cell/runner.h"
#include "ops/metrics/registry.h"

namespace doorbuster::cell {

// The probe outlives the metrics' use.
void register_metrics(ops::Metrics& metrics, const CellProbe& probe);

}  // namespace doorbuster::cell
