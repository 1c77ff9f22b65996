#include "platform/webhooks/delivery.h"

#include "base/crypto.h"
#include "base/encoding.h"
#include "base/json_writer.h"

namespace doorbuster::platform {
namespace {

void write_event(JsonWriter& json, const Delivery& delivery, const TraceContext* trace) {
  json.begin_object().member("specversion", "1.0").member("id", delivery.id);
  json.member("source", delivery.resource).member("type", delivery.type).member("time", delivery.at);
  json.member("sequence", std::to_string(delivery.sequence)).member("partitionkey", delivery.key);
  if (trace != nullptr) json.member("traceparent", format_traceparent(*trace));
  json.member("datacontenttype", "application/json").key("data").raw(delivery.json).end_object();
}

}  // namespace

std::string cloud_event(const Delivery& delivery) {
  std::string body;
  JsonWriter json(body);
  write_event(json, delivery, nullptr);
  return body;
}

std::string cloud_event_batch(std::span<const TracedDelivery> deliveries) {
  std::string body;
  JsonWriter json(body);
  json.begin_array();
  for (const TracedDelivery& each : deliveries) write_event(json, *each.delivery, &each.trace);
  json.end_array();
  return body;
}

std::string batch_id(std::span<const TracedDelivery> deliveries) {
  std::string ids;
  for (const TracedDelivery& each : deliveries) ids += each.delivery->id + "\n";
  return "batch_" + to_hex(Bytes(sha256(as_bytes(ids))).first(16));
}

}  // namespace doorbuster::platform
