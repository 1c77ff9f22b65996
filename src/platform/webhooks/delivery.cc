#include "platform/webhooks/delivery.h"

#include "base/json_writer.h"

namespace doorbuster::platform {

std::string delivery_id(const Delivery& delivery) { return "evt_" + std::to_string(delivery.sequence); }

std::string cloud_event(const Delivery& delivery) {
  std::string body;
  JsonWriter json(body);
  json.begin_object().member("specversion", "1.0").member("id", delivery_id(delivery));
  json.member("source", "/api/v1/sales/" + delivery.sale).member("type", delivery.type).member("time", delivery.at);
  json.member("sequence", std::to_string(delivery.sequence)).member("datacontenttype", "application/json");
  json.key("data").raw(delivery.json).end_object();
  return body;
}

}  // namespace doorbuster::platform
