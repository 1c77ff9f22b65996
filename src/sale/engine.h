// What decides about sales and answers for it: sells limited stock, one durable decision at a time.
//
// It owns the cells and what drives them, the views that follow their logs, and the calls of each reactor. Each sale is
// decided about by one cell, which its number names (docs/decisions/0017). Built over ports only (log, clock, keys,
// payments), so that the same service runs in production, in tests and in the simulator.
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
#include "sale/usage_board.h"

namespace doorbuster::sale {

struct EngineOptions {
  Capacity capacity;  // of each cell
  cell::CellOptions cell;
  uint32_t cells = 1;
  size_t requests_a_reactor = 0;                                 // under way at once; has to be given
  auth::CookieTransport cookies = auth::CookieTransport::kHttp;  // of guests
  AdmissionOptions admissions = {};
  bool keeps_customer_ids = false;
  platform::Gate* gate = nullptr;                 // asked before a customer's command is made; none: everybody passes
  const Clock* wall = nullptr;                    // what customers' tokens are held against; null: the engine's clock
  SampleLoad sample_load;                         // for the operators' board
  platform::StateStore* view_store = nullptr;     // where the views are saved, with each snapshot's worth of events
  platform::StateStore* archive_store = nullptr;  // where archived sales go; null: the views keep them
  std::function<void(const std::string&)> on_trouble;
  // Without threads nothing happens by itself: whoever drives the parts decides what happens in which order.
  cell::Host::Threads threads = cell::Host::Threads::kOwn;
};

class Engine {
 public:
  // Further projections, none or one a cell, are told of every event of the cell beside the service's own.
  Engine(EngineOptions options, log::Log& log, platform::OperatorAccess& operators, Directory& directory,
         PaymentGateway& payments, const Clock& clock, const std::vector<Projection*>& projections = {});
  ~Engine();

  // A further client of a cell, such as its payment outbox; before start(). The port outlives the service.
  void attach(CellId cell, SaleClient::Port& port) { cells_[cell.value()]->cell.attach(port); }

  // Adds the calls of one reactor; before start(). The loop outlives the routes.
  void add_routes(platform::Routes& routes, net::Loop& loop, platform::Operators operators);

  // Recovers from the logs and begins to decide. kCorrupt and kIo as the log says; kInvalid: it has sales in cells that
  // are not asked for; kLimit: limits are too low for what cells hold. Says how each cell came back.
  [[nodiscard]] Result<std::vector<cell::Recovered>> start();

  // Answers what has been asked, saves a snapshot and stops. The reactors must send no more. Destroyed without it, an
  // engine with threads stops all the same, and one without is left as a process that is killed.
  void stop();

  // What a cell of an engine without threads is driven by: each part has a function for one round.
  struct Parts {
    cell::Cell<Machine>& cell;
    cell::CellRunner& runner;
    cell::Host& host;
    platform::Follower& follower;
  };
  [[nodiscard]] Parts parts(CellId cell);

  [[nodiscard]] uint32_t cells() const { return static_cast<uint32_t>(cells_.size()); }
  [[nodiscard]] const cell::CellProbe& probe(CellId cell = CellId{0}) const { return cells_[cell.value()]->probe; }
  // What a cell's tables hold, and may hold.
  [[nodiscard]] Usages used(CellId cell) const { return cells_[cell.value()]->used.read(); }
  [[nodiscard]] const Capacity& capacity() const { return options_.capacity; }
  [[nodiscard]] const Directory& directory() const { return context_.directory; }
  [[nodiscard]] const SaleContext& context() const { return context_; }
  // Of all cells' logs.
  [[nodiscard]] bool is_owner() const;

 private:
  struct OneCell {
    OneCell(Engine& engine, CellId id);
    UsageBoard used;
    cell::Cell<Machine> cell;
    cell::CellProbe probe;
    cell::CellRunner runner;
  };

  void publish(Machine::Publication&& publication);
  [[nodiscard]] Result<void> check_cells() const;

  const EngineOptions options_;
  platform::OpenGate open_gate_;
  log::Log& log_;
  SaleContext context_;
  cell::Host host_;
  std::vector<std::unique_ptr<OneCell>> cells_;
  std::vector<std::unique_ptr<SaleClient>> clients_;  // one a reactor
};

}  // namespace doorbuster::sale
