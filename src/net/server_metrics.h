// What /metrics tells of a listener and its reactors.
#pragma once

#include <string>

#include "net/server.h"
#include "ops/metrics/registry.h"

namespace doorbuster::net {

// The server outlives the metrics' use; `listener` tells its series from those of other servers: "public", "admin".
void register_metrics(ops::Metrics& metrics, const Server& server, const std::string& listener);

}  // namespace doorbuster::net
