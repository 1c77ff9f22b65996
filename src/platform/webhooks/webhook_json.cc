#include "platform/webhooks/webhook_json.h"

#include "base/json.h"

namespace doorbuster::platform {
namespace {

EndpointChange read_change(const JsonObject& root) {
  EndpointChange change;
  if (const JsonValue name = root.optional("name"); name.present())
    change.name = name.string({.max_bytes = kEndpointNameBytesMax});
  if (const JsonValue url = root.optional("url"); url.present())
    change.url = url.string({.min_bytes = 1, .max_bytes = kEndpointUrlBytesMax});
  if (const JsonValue events = root.optional("events"); events.present()) {
    change.types.emplace();
    events.array(kEndpointTypesMax).each([&](const JsonValue& type) {
      change.types->emplace_back(type.string({.min_bytes = 1, .max_bytes = kEndpointTypeBytesMax}));
    });
  }
  if (const JsonValue in_flight = root.optional("in_flight"); in_flight.present())
    change.in_flight = static_cast<uint32_t>(in_flight.integer({.min = 1, .max = kInFlightMax}, 1));
  if (const JsonValue batch = root.optional("batch"); batch.present())
    change.batch = static_cast<uint32_t>(batch.integer({.min = 1, .max = kBatchMax}, 1));
  return change;
}

double seconds_since(Timestamp at, Timestamp now) {
  return now <= at ? 0.0 : static_cast<double>((now - at).micros()) / 1e6;
}

std::optional<std::string_view> if_any(std::string_view text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

void write_settings(JsonWriter& json, const WebhookEndpoint& endpoint) {
  json.member("id", endpoint.id).member("name", endpoint.name).member("url", endpoint.url);
  json.key("events").begin_array();
  for (const std::string& type : endpoint.types) json.value(type);
  json.end_array().member("in_flight", endpoint.in_flight).member("batch", endpoint.batch);
  const bool is_made = endpoint.origin == EndpointOrigin::kApi;
  json.member("origin", kEndpointOriginNames[static_cast<size_t>(endpoint.origin)]);
  json.member("created_at", is_made ? std::optional(endpoint.created_at) : std::nullopt);
  json.member("created_by", is_made ? std::optional<std::string_view>(endpoint.created_by) : std::nullopt);
}

}  // namespace

Result<WebhookEndpoint> parse_new_endpoint(std::string_view body) {
  JsonDocument document(body);
  const JsonObject root = document.root();
  (void)root.required("url", "where events are sent: https://shop.example/hooks");
  const EndpointChange wanted = read_change(root);
  TRY(document.finish());
  WebhookEndpoint endpoint;
  apply(wanted, endpoint);
  return endpoint;
}

Result<EndpointChange> parse_endpoint_change(std::string_view body) {
  JsonDocument document(body);
  EndpointChange change = read_change(document.root());
  TRY(document.finish());
  return change;
}

void write_endpoint_status(JsonWriter& json, const EndpointStatus& status, Timestamp now, std::string_view secret) {
  json.begin_object();
  write_settings(json, status.endpoint);
  if (!secret.empty()) json.member("secret", secret);
  json.member("old_secret_until", status.old_secret_until);
  json.member("state", kEndpointStateNames[static_cast<size_t>(status.state)]).key("disabled");
  if (status.disabled) {
    json.begin_object().member("by", kDisabledByNames[static_cast<size_t>(status.disabled->by)]);
    json.member("at", status.disabled->at).end_object();
  } else {
    json.value(nullptr);
  }
  json.member("failing_since", status.failing_since).key("lag").begin_object();
  json.member("events", status.behind).member("waiting", status.waiting);
  json.member("seconds", status.oldest_at ? seconds_since(*status.oldest_at, now) : 0.0).end_object();
  json.member("requests_under_way", status.in_flight).member("delivered", status.delivered);
  json.member("failed", status.failed).member("last_error", if_any(status.last_error));
  json.member("last_error_trace", if_any(status.last_error_trace)).end_object();
}

}  // namespace doorbuster::platform
