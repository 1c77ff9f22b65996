// What a webhook tells, and where it comes from: an event of the log, in a form for the outside.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/time.h"
#include "base/trace.h"

namespace doorbuster::platform {

struct Delivery {
  uint64_t sequence = 0;  // of the event in the log; deliveries of a source have growing ones, with gaps
  std::string sale;       // the sale's public id; deliveries of one sale stay in order
  std::string type;       // "hold.created"
  Timestamp at;
  std::string json;                        // the event's data: a JSON object
  std::optional<TraceContext> trace = {};  // of the request that caused the event, as long as it is known
};

// A view that follows the log. Must give the same deliveries again when asked again, also after a restart.
class DeliverySource {
 public:
  virtual ~DeliverySource() = default;
  // The first delivery behind that sequence, or nothing while there is none. Called on the engine's thread.
  [[nodiscard]] virtual std::optional<Delivery> next(uint64_t after_sequence) = 0;
};

// The CloudEvents 1.0 document (JSON, structured mode) of a delivery.
[[nodiscard]] std::string cloud_event(const Delivery& delivery);

// Its webhook-id and CloudEvents id: the same whenever and wherever it is sent.
[[nodiscard]] std::string delivery_id(const Delivery& delivery);

}  // namespace doorbuster::platform
