// The HTTP request that makes deliveries: signed by Standard Webhooks 1.0.0, its body one CloudEvents document or a
// batch of them.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "auth/webhook_signature.h"
#include "net/http_client.h"
#include "platform/webhooks/delivery.h"

namespace doorbuster::platform {

struct SigningSecret {
  auth::WebhookSecret secret;
  std::optional<Timestamp> until;  // it signs till then; nothing: for good
};

struct SignedRequest {
  net::HttpRequest http;
  TraceContext trace;  // as the request's own span
};

// `as_batch`: also a single delivery is a batch then, so that a receiver sees one form only.
[[nodiscard]] SignedRequest make_webhook_request(const std::string& url, std::span<const SigningSecret> secrets,
                                                 std::span<const TracedDelivery> deliveries, bool as_batch,
                                                 Timestamp now);

// What became of it, for people: empty if the receiver took it.
[[nodiscard]] bool is_success(const net::HttpReply& reply);
[[nodiscard]] std::string describe_failure(const net::HttpReply& reply);

}  // namespace doorbuster::platform
