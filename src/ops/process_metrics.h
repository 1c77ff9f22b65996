// What the process uses, under the names that Prometheus' client libraries gave it, and which build it is.
#pragma once

#include <string>

#include "ops/metrics/registry.h"

namespace doorbuster::ops {

struct Build {
  std::string version;   // "0.1.0"
  std::string compiler;  // "gcc 12.2.0"
};

void register_process_metrics(Metrics& metrics, const Build& build);

}  // namespace doorbuster::ops
