// What the application knows of a service: a name, calls, a life, health and metrics. Everything else it keeps to
// itself.
//
// A service is built over ports (log, clock, keys), adds its calls to each reactor's routes before it starts, recovers
// in start(), and is stopped while the reactors still run, so that what was asked is answered. Services know each other
// by events and by HTTP only.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "net/limits.h"
#include "net/loop.h"
#include "ops/metrics/registry.h"
#include "platform/api/call.h"
#include "platform/api/routes.h"
#include "platform/webhooks/delivery.h"

namespace doorbuster::platform {

// How a service has come back.
struct Started {
  uint64_t events = 0;    // in its log, all cells together
  uint64_t replayed = 0;  // of these: what no snapshot held
  Timestamp last_time;    // of its newest batch
};

class Service {
 public:
  virtual ~Service() = default;

  // A short word: in the configuration, in logs and in webhooks ("sale").
  [[nodiscard]] virtual std::string_view name() const = 0;

  // Adds the calls of one reactor; before start(). The loop outlives the routes.
  virtual void add_routes(Routes& routes, net::Loop& loop, Operators operators) = 0;

  // Paths of its calls that take more content than others.
  [[nodiscard]] virtual std::vector<net::LargerBody> larger_bodies() const { return {}; }

  // Replays what it has decided and goes on deciding. Errors are sentences for whoever started the server.
  [[nodiscard]] virtual Result<Started> start() = 0;

  // Answers what has been asked, makes it durable, and ends. The reactors must send nothing more.
  virtual void stop() = 0;

  // Whether it can answer; the error says why not and what to do.
  [[nodiscard]] virtual Result<void> ready() const = 0;

  virtual void add_metrics(ops::Metrics& metrics) = 0;

  // What it tells the outside: a source for each log, or none. They live as long as the service; asked after start().
  [[nodiscard]] virtual std::vector<DeliverySource*> deliveries() { return {}; }

  // The same sources once more, for another service to read at its own pace. They end before the service does.
  [[nodiscard]] virtual std::vector<std::unique_ptr<DeliverySource>> deliveries_again() { return {}; }
  // What the other services tell; once, when all have started.
  virtual void follow(std::vector<std::unique_ptr<DeliverySource>> /*others*/) {}

  // Whether something is at this address of the API, archived or not: "/api/v1/sales/ps5". Any thread, after start().
  [[nodiscard]] virtual bool has(std::string_view /*resource*/) const { return false; }
};

}  // namespace doorbuster::platform
