// What /metrics tells of the sales, their cell, their payments and the HTTP layer. docs/metrics.md lists all of it.
#pragma once

#include <string>

#include "net/server.h"
#include "ops/metrics.h"
#include "sale/payment_outbox.h"
#include "sale/service.h"

namespace doorbuster::app {

void observe_sales(ops::Metrics& metrics, const sale::Service& sales, const sale::PaymentOutbox& payments);
void observe_http(ops::Metrics& metrics, const net::Server& server, const std::string& listener);

// The numbers of each sale, as exposition text: sales come and go, so their series can't be registered beforehand.
// Archived sales are left out.
[[nodiscard]] std::string sale_metrics_text(const sale::Service& sales);

}  // namespace doorbuster::app
