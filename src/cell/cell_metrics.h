// What /metrics tells of a cell.
#pragma once

#include "base/strong.h"
#include "cell/runner.h"
#include "ops/metrics/registry.h"

namespace doorbuster::cell {

// Each series says whose it is, by the label `cell`. The probe outlives the metrics' use.
void register_metrics(ops::Metrics& metrics, CellId cell, const CellProbe& probe);

}  // namespace doorbuster::cell
