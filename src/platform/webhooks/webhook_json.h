// Webhook endpoints as JSON: what operators ask for, and what they are shown (docs/api/openapi.yaml).
#pragma once

#include <string_view>

#include "base/json_writer.h"
#include "base/result.h"
#include "platform/webhooks/webhooks.h"

namespace doorbuster::platform {

[[nodiscard]] Result<WebhookEndpoint> parse_new_endpoint(std::string_view body);
[[nodiscard]] Result<EndpointChange> parse_endpoint_change(std::string_view body);

// `secret` is told only where it was made just now.
void write_endpoint_status(JsonWriter& json, const EndpointStatus& status, Timestamp now, std::string_view secret = {});

}  // namespace doorbuster::platform
