#include "platform/webhooks/webhook_metrics.h"

namespace doorbuster::platform {
namespace {

// A series for each endpoint, by its id.
template <class Value>
ops::Metrics::Tell by_endpoint(const WebhookEngine& engine, const Value& value) {
  return [&engine, value](ops::Series& series) {
    for (const EndpointStatus& status : engine.status()) series.add({{"endpoint", status.endpoint.id}}, value(status));
  };
}

// 1 for the state that it is in.
void tell_states(const WebhookEngine& engine, ops::Series& series) {
  for (const EndpointStatus& status : engine.status()) {
    for (size_t i = 0; i < kEndpointStateNames.size(); ++i) {
      const uint64_t is_it = static_cast<size_t>(status.state) == i ? 1 : 0;
      series.add({{"endpoint", status.endpoint.id}, {"state", kEndpointStateNames[i]}}, is_it);
    }
  }
}

double seconds_behind(const EndpointStatus& status, Timestamp now) {
  if (!status.oldest_at || *status.oldest_at >= now) return 0;
  return static_cast<double>((now - *status.oldest_at).micros()) / 1e6;
}

}  // namespace

void register_metrics(ops::Metrics& metrics, const WebhookEngine& engine, const Clock& clock) {
  metrics.gauges("doorbuster_webhook_state", "1 for the state that a webhook endpoint is in.",
                 [&engine](ops::Series& series) { tell_states(engine, series); });
  metrics.counters("doorbuster_webhook_delivered_total", "Events that an endpoint took, since the server's start.",
                   by_endpoint(engine, [](const EndpointStatus& status) { return status.delivered; }));
  metrics.counters("doorbuster_webhook_failed_total", "Attempts to tell an endpoint an event that it did not take.",
                   by_endpoint(engine, [](const EndpointStatus& status) { return status.failed; }));
  metrics.gauges("doorbuster_webhook_requests_under_way", "Requests to an endpoint without an answer so far.",
                 by_endpoint(engine, [](const EndpointStatus& status) { return uint64_t{status.in_flight}; }));
  metrics.gauges("doorbuster_webhook_lag_events",
                 "Events of the logs, of every type, above the place up to which an endpoint has taken all.",
                 by_endpoint(engine, [](const EndpointStatus& status) { return status.behind; }));
  metrics.gauges("doorbuster_webhook_lag_seconds",
                 "Age of the oldest event that an endpoint has not taken; 0 if there is none.",
                 by_endpoint(engine, [&clock](const EndpointStatus& s) { return seconds_behind(s, clock.now()); }));
}

}  // namespace doorbuster::platform
