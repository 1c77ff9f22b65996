// What /metrics tells of webhooks: for each endpoint its state, what was delivered and failed, and how far it is
// behind.
#pragma once

#include "ops/metrics/registry.h"
#include "platform/webhooks/webhooks.h"

namespace doorbuster::platform {

// The engine and the clock outlive the metrics.
void register_metrics(ops::Metrics& metrics, const WebhookEngine& engine, const Clock& clock);

}  // namespace doorbuster::platform
