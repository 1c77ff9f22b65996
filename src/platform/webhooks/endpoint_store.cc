#include "platform/webhooks/endpoint_store.h"

#include "base/file.h"
#include "base/json.h"
#include "base/json_writer.h"

namespace doorbuster::platform {
namespace {

constexpr std::string_view kEndpointsFormat = "doorbuster-webhook-endpoints";
constexpr int64_t kEndpointsVersion = 1;
constexpr size_t kEndpointsBytesMax = size_t{1} << 20;

void write_endpoint(JsonWriter& json, const WebhookEndpoint& endpoint) {
  json.begin_object().member("id", endpoint.id).member("name", endpoint.name).member("url", endpoint.url);
  json.key("events").begin_array();
  for (const std::string& type : endpoint.types) json.value(type);
  json.end_array().member("in_flight", endpoint.in_flight).member("batch", endpoint.batch);
  json.key("secrets").begin_array();
  for (const EndpointSecret& secret : endpoint.secrets)
    json.begin_object().member("secret", secret.text).member("until", secret.until).end_object();
  json.end_array().member("created_at", endpoint.created_at).member("created_by", endpoint.created_by);
  // As texts: they need all 64 bits.
  json.member("key", std::to_string(endpoint.made_by.key));
  json.member("fingerprint", std::to_string(endpoint.made_by.fingerprint));
  json.member("rotated_key", std::to_string(endpoint.rotated_by.key));
  json.member("rotated_fingerprint", std::to_string(endpoint.rotated_by.fingerprint)).end_object();
}

WebhookEndpoint read_endpoint(const JsonObject& object) {
  WebhookEndpoint endpoint;
  endpoint.origin = EndpointOrigin::kApi;
  endpoint.id = object.required("id").string({.min_bytes = 1, .max_bytes = 64});
  endpoint.name = object.required("name").string({.max_bytes = kEndpointNameBytesMax});
  endpoint.url = object.required("url").string({.min_bytes = 1, .max_bytes = kEndpointUrlBytesMax});
  object.required("events").array(kEndpointTypesMax).each([&](const JsonValue& type) {
    endpoint.types.emplace_back(type.string({.min_bytes = 1, .max_bytes = 64}));
  });
  endpoint.in_flight = static_cast<uint32_t>(object.required("in_flight").integer({.min = 1, .max = kInFlightMax}, 1));
  endpoint.batch = static_cast<uint32_t>(object.required("batch").integer({.min = 1, .max = kBatchMax}, 1));
  object.required("secrets").array(2).each([&](const JsonValue& value) {
    const JsonObject secret = value.object();
    EndpointSecret read{.text = std::string(secret.required("secret").string({.max_bytes = 128}))};
    const JsonValue until = secret.required("until");
    if (!until.is_null()) read.until = until.time();
    endpoint.secrets.push_back(std::move(read));
  });
  endpoint.created_at = object.required("created_at").time();
  endpoint.created_by = object.required("created_by").string({.max_bytes = 64});
  endpoint.made_by.key = read_whole_number(object.required("key"));
  endpoint.made_by.fingerprint = read_whole_number(object.required("fingerprint"));
  endpoint.rotated_by.key = read_whole_number(object.required("rotated_key"));
  endpoint.rotated_by.fingerprint = read_whole_number(object.required("rotated_fingerprint"));
  return endpoint;
}

}  // namespace

std::string encode_endpoints(const std::vector<WebhookEndpoint>& endpoints) {
  std::string text;
  JsonWriter json(text);
  json.begin_object().member("format", kEndpointsFormat).member("version", kEndpointsVersion);
  json.key("endpoints").begin_array();
  for (const WebhookEndpoint& endpoint : endpoints) write_endpoint(json, endpoint);
  json.end_array().end_object();
  return text + "\n";
}

Result<std::vector<WebhookEndpoint>> decode_endpoints(std::string_view text) {
  JsonDocument document(text, {.max_bytes = kEndpointsBytesMax});
  const JsonObject root = document.root();
  const JsonValue format = root.required("format");
  if (format.present() && format.string() != kEndpointsFormat)
    format.refuse("must be '" + std::string(kEndpointsFormat) + "'");
  (void)root.required("version").integer(
      {.min = kEndpointsVersion, .max = kEndpointsVersion, .needs = "this server reads version 1"});
  std::vector<WebhookEndpoint> endpoints;
  root.required("endpoints").array(kWebhookEndpointsMax).each([&](const JsonValue& value) {
    endpoints.push_back(read_endpoint(value.object()));
  });
  TRY(document.finish());
  return endpoints;
}

Result<void> save_endpoints(const std::filesystem::path& file, const std::vector<WebhookEndpoint>& endpoints) {
  return replace_file(file, encode_endpoints(endpoints), 0600);
}

Result<std::vector<WebhookEndpoint>> load_endpoints(const std::filesystem::path& file) {
  const Result<std::string> text = read_file(file, kEndpointsBytesMax);
  if (!text && text.error().code == ErrorCode::kNotFound) return std::vector<WebhookEndpoint>{};
  if (!text) return tl::unexpected(text.error());
  auto endpoints = decode_endpoints(*text);
  if (endpoints) return endpoints;
  return fail(ErrorCode::kInvalid, file.string() + " is damaged: " + endpoints.error().message +
                                       ". Restore it, or delete it and make the webhooks again");
}

}  // namespace doorbuster::platform
