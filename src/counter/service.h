// The counters as a service of the platform: one cell, one view, three calls.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "cell/cell.h"
#include "cell/host.h"
#include "counter/api/counter_calls.h"
#include "counter/settings.h"
#include "counter/views/webhook_feed.h"
#include "platform/service.h"
#include "platform/views/state_store.h"

namespace doorbuster::counter {

struct CounterPorts {
  log::Log& log;
  const Clock& clock;
  platform::Gate& gate;
  platform::StateStore* views = nullptr;  // null: the view is read anew at each start
  std::function<void(const std::string&)> on_trouble = [](const std::string&) {};
};

class CounterService final : public platform::Service {
 public:
  CounterService(const CounterSettings& settings, CounterPorts ports);
  ~CounterService() override { stop(); }

  [[nodiscard]] std::string_view name() const override { return CounterMachine::kKind; }
  void add_routes(platform::Routes& routes, net::Loop& loop, platform::Operators operators) override;
  [[nodiscard]] Result<platform::Started> start() override;
  void stop() override;
  [[nodiscard]] Result<void> ready() const override;
  void add_metrics(ops::Metrics& metrics) override;
  [[nodiscard]] std::vector<platform::DeliverySource*> deliveries() override { return {&feed_}; }

 private:
  // One reactor's: its line to the cell, and what it has refused.
  struct Reactor {
    Reactor(net::Loop& loop, uint64_t limit)
        : cell(loop, 1'024),
          asker{cell, cell.add_owner([this](CounterClient::Answer& answer) { answer_addition(cell, answer, refused); }),
                limit} {}
    CounterClient cell;
    ops::Counter refused;
    Asker asker;
  };

  const CounterSettings settings_;
  const CounterPorts ports_;
  std::atomic<uint64_t> counters_{0};
  Totals totals_;
  platform::Follower follower_;
  WebhookFeed feed_;
  cell::Cell<CounterMachine> cell_;
  cell::CellProbe probe_;
  cell::Host host_;
  cell::CellRunner runner_;
  std::vector<std::unique_ptr<Reactor>> reactors_;
  bool is_started_ = false;
};

}  // namespace doorbuster::counter
