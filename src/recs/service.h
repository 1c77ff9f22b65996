// Recommendations as a service of the platform: a cell that decides what an event is, tables that follow its log, and
// calls that answer from them.
#pragma once

#include <atomic>
#include <memory>
#include <vector>

#include "cell/cell.h"
#include "cell/host.h"
#include "platform/service.h"
#include "recs/api/recs_calls.h"
#include "recs/deps.h"
#include "recs/sale_events.h"
#include "recs/settings.h"
#include "recs/training/trainer.h"
#include "recs/views/recs_view.h"

namespace doorbuster::recs {

// In the log; the sale's are below, and that of links.
inline constexpr CellId kCellOfRecs{4'097};

class Service final : public platform::Service {
 public:
  Service(const RecsSettings& settings, RecsDeps deps);
  ~Service() override { stop(); }

  [[nodiscard]] std::string_view name() const override { return RecsMachine::kKind; }
  void add_routes(platform::Routes& routes, net::Loop& loop, platform::Operators operators) override;
  [[nodiscard]] std::vector<net::LargerBody> larger_bodies() const override;
  [[nodiscard]] Result<platform::Started> start() override;
  void stop() override;
  void follow(std::vector<std::unique_ptr<platform::DeliverySource>> others) override;
  [[nodiscard]] Result<void> ready() const override;
  void add_metrics(ops::Metrics& metrics) override;

 private:
  // What one reactor has.
  struct Reactor {
    Reactor(Service& service, net::Loop& loop, platform::Operators operators);
    platform::OperatorAuthenticator operators;
    RecsCallers callers;
    CompatCallers compat;
    RecsCommands commands;
    AnswerIds ids;
  };

  void add_model_metrics(ops::Metrics& metrics);
  void hear(const RecsMachine::Publication& news);
  // The name of the item that it sells.
  [[nodiscard]] std::string item_of(const std::string& sale) const;

  const RecsSettings settings_;
  const RecsDeps deps_;
  const Names names_;
  const EventNames event_names_;
  std::atomic<uint64_t> tail_{0};  // of the durable log
  std::atomic<uint64_t> duplicates_{0};
  std::atomic<uint64_t> made_room_{0};
  GivenAnswers given_;
  RecsView view_;
  Trainer trainer_;
  platform::Follower follower_;
  const Freshness freshness_;
  SaleEvents sale_events_;
  platform::DeliveryFollower sale_follower_;
  cell::Cell<RecsMachine> cell_;
  cell::CellProbe probe_;
  cell::Host host_;
  cell::CellRunner runner_;
  std::vector<std::unique_ptr<Reactor>> reactors_;
  bool is_started_ = false;
};

}  // namespace doorbuster::recs
