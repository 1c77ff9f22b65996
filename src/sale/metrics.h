// What /metrics tells of the sales, their cell, their views and their payments. docs/metrics.md lists all of it.
#pragma once

#include "ops/metrics/registry.h"
#include "sale/engine.h"
#include "sale/payment_outboxes.h"

namespace doorbuster::sale {

// Both outlive the metrics' use. Series of a sale come and go with it: archived sales are left out.
void register_metrics(ops::Metrics& metrics, const Engine& sales, const PaymentOutboxes& payments);

}  // namespace doorbuster::sale
