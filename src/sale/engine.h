// What decides about sales and answers for it: sells limited stock, one durable decision at a time.
//
// It owns the cell and what drives it, the views that follow the log, and the calls of each reactor. Built over ports
// only (log, clock, keys, payments), so that the same service runs in production, in tests and in the simulator.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "cell/cell.h"
#include "cell/host.h"
#include "net/loop.h"
#include "platform/api/routes.h"
#include "sale/api/context.h"
#include "sale/api/deferred_calls.h"

namespace doorbuster::sale {

struct EngineOptions {
  Capacity capacity;
  cell::CellOptions cell;
  size_t requests_a_port = 0;                                    // under way at once from one reactor; has to be given
  auth::CookieTransport cookies = auth::CookieTransport::kHttp;  // of guests
  AdmissionOptions admissions = {};
  platform::Gate* gate = nullptr;              // asked before a customer's command is made; none: everybody passes
  SampleLoad sample_load;                      // for the operators' board
  platform::StateStore* view_store = nullptr;  // where the views are saved, with each snapshot's worth of events
  std::function<void(const std::string&)> on_trouble;
  // Without threads nothing happens by itself: whoever drives the parts decides what happens in which order.
  cell::Host::Threads threads = cell::Host::Threads::kOwn;
};

class Engine {
 public:
  // Further projections are told of every event beside the service's own.
  Engine(EngineOptions options, log::Log& log, platform::OperatorAccess& operators, Directory& directory,
         PaymentGateway& payments, const Clock& clock, const std::vector<Projection*>& projections = {});
  ~Engine();

  // A further client of the cell, such as the payment outbox; before start(). The port outlives the service.
  void attach(SaleClient::Port& port) { cell_.attach(port); }

  // Adds the calls of one reactor; before start(). The loop outlives the routes.
  void add_routes(platform::Routes& routes, net::Loop& loop, platform::Operators operators);

  // Recovers from the log and begins to decide. kCorrupt and kIo as the log says.
  [[nodiscard]] Result<cell::Recovered> start();

  // Answers what has been asked, saves a snapshot and stops. The reactors must send no more. Destroyed without it, an
  // engine with threads stops all the same, and one without is left as a process that is killed.
  void stop();

  // What an engine without threads is driven by: each part has a function for one round.
  struct Parts {
    cell::Cell<Machine>& cell;
    cell::CellRunner& runner;
    cell::Host& host;
    platform::Follower& follower;
  };
  [[nodiscard]] Parts parts() { return {cell_, runner_, host_, context_.views.follower()}; }

  [[nodiscard]] const cell::CellProbe& probe() const { return probe_; }
  [[nodiscard]] const StatusBoard& board() const { return context_.board; }
  [[nodiscard]] const Directory& directory() const { return context_.directory; }
  [[nodiscard]] const SaleContext& context() const { return context_; }
  [[nodiscard]] bool is_owner() const {
    return probe_.ownership.load(std::memory_order_acquire) == cell::Ownership::kOwner;
  }

 private:
  void publish(Machine::Publication&& publication);

  const EngineOptions options_;
  platform::OpenGate open_gate_;
  SaleContext context_;
  cell::Cell<Machine> cell_;
  cell::CellProbe probe_;
  cell::Host host_;
  cell::CellRunner runner_;
  std::vector<std::unique_ptr<SaleClient>> clients_;  // one a reactor
};

}  // namespace doorbuster::sale
