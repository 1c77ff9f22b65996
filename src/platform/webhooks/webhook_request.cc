#include "platform/webhooks/webhook_request.h"

#include "base/assert.h"

namespace doorbuster::platform {

SignedRequest make_webhook_request(const std::string& url, std::span<const SigningSecret> secrets,
                                   std::span<const TracedDelivery> deliveries, bool as_batch, Timestamp now) {
  ASSERT(!deliveries.empty() && (as_batch || deliveries.size() == 1));
  const std::string id = as_batch ? batch_id(deliveries) : deliveries.front().delivery->id;
  std::string body = as_batch ? cloud_event_batch(deliveries) : cloud_event(*deliveries.front().delivery);
  const TraceContext trace = deliveries.size() == 1 ? child_of(deliveries.front().trace) : begin_trace();
  std::string signatures;
  for (const SigningSecret& signing : secrets) {
    if (signing.until && *signing.until <= now) continue;
    signatures += (signatures.empty() ? "" : " ") + signing.secret.sign(id, now, body);
  }
  const std::string type = as_batch ? "application/cloudevents-batch+json" : "application/cloudevents+json";
  return {.http = {.url = url,
                   .headers = {{"Content-Type", type + "; charset=utf-8"},
                               {"webhook-id", id},
                               {"webhook-timestamp", std::to_string(now.micros() / 1'000'000)},
                               {"webhook-signature", signatures},
                               {"traceparent", format_traceparent(trace)}},
                   .body = std::move(body)},
          .trace = trace};
}

bool is_success(const net::HttpReply& reply) {
  return reply.outcome == net::HttpOutcome::kAnswered && reply.status >= 200 && reply.status < 300;
}

std::string describe_failure(const net::HttpReply& reply) {
  if (is_success(reply)) return {};
  return reply.outcome == net::HttpOutcome::kAnswered ? "it answered " + std::to_string(reply.status) : reply.error;
}

}  // namespace doorbuster::platform
