// What a webhook tells, and where it comes from: an event of a cell's log, in a form for the outside.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/time.h"
#include "base/trace.h"

namespace doorbuster::platform {

// One log that deliveries come from: a service's name and the number of its cell.
struct SourceId {
  std::string service;  // "sale"
  uint32_t cell = 0;
  auto operator<=>(const SourceId&) const = default;
};

struct Delivery {
  uint64_t sequence = 0;  // of the event in its log; deliveries of a source have growing ones, with gaps
  std::string key;        // what it is about: deliveries of one key stay in order, those of different keys need not
  std::string id;         // of no other delivery of any source, and the same whenever it is told: "evt_4711"
  std::string resource;   // where the service shows what it is about: "/api/v1/sales/ps5"
  std::string type;       // "hold.created"
  Timestamp at;
  std::string json;                        // the event's data: a JSON object
  std::optional<TraceContext> trace = {};  // of the request that caused the event, as long as it is known
};

// A view that follows one log. Must give the same deliveries again when asked again, also after a restart.
class DeliverySource {
 public:
  // Returns whether it wants more.
  using Visit = std::function<bool(const std::shared_ptr<const Delivery>&)>;

  virtual ~DeliverySource() = default;
  [[nodiscard]] virtual const SourceId& id() const = 0;
  // The sequence of the newest durable event: where an endpoint begins that an operator makes. Any thread.
  [[nodiscard]] virtual uint64_t newest() const = 0;
  // That of the newest that was there when the server started: where an endpoint of the configuration begins that is
  // new. It hears what happens while the server still gets ready.
  [[nodiscard]] virtual uint64_t tail_at_start() const = 0;
  // Visits the deliveries behind `after`, in order. Returns the sequence up to which there is nothing to visit any
  // more: that of the last one visited, or further. Called on the engine's thread.
  [[nodiscard]] virtual uint64_t read(uint64_t after, const Visit& visit) = 0;
  // The last sequence before all events of `from` or later. Called on the engine's thread.
  [[nodiscard]] virtual uint64_t last_before(Timestamp from) = 0;
  // `more` is called, on any thread, soon after there is something new to read, until another takes its place; an empty
  // one ends it, and is not under way any more when this returns. It never waits.
  virtual void on_more(std::function<void()> more) = 0;
};

// A delivery, and the trace that all its attempts belong to.
struct TracedDelivery {
  std::shared_ptr<const Delivery> delivery;
  TraceContext trace;
};

// The CloudEvents 1.0 document (JSON, structured mode) of a delivery.
[[nodiscard]] std::string cloud_event(const Delivery& delivery);

// A batch of them (JSON batch format); each carries its own trace, by the extension for distributed tracing.
[[nodiscard]] std::string cloud_event_batch(std::span<const TracedDelivery> deliveries);

// The webhook-id of such a batch: the same for the same deliveries.
[[nodiscard]] std::string batch_id(std::span<const TracedDelivery> deliveries);

}  // namespace doorbuster::platform
