// The sale as a service of the platform, put together from its settings: the cells with their views and calls, whoever
// takes the money and the outbox that speaks to them, and what webhooks are told.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "log/log.h"
#include "ops/logging.h"
#include "platform/api/gate.h"
#include "platform/operators/operator_authenticator.h"
#include "platform/outbound/payment.h"
#include "platform/service.h"
#include "platform/views/state_store.h"
#include "sale/engine.h"
#include "sale/payment_outboxes.h"
#include "sale/settings.h"
#include "sale/webhook_feed.h"

namespace doorbuster::sale {

// What the sale needs of the process it is in; all of it outlives the service.
struct SaleDeps {
  log::Log& log;
  platform::OperatorAccess& operators;
  platform::Gate& gate;
  const Clock& clock;
  const Clock* wall = nullptr;  // what others' clocks are compared with; null: `clock`
  const ops::Logger& logger;
  platform::StateStore* view_store = nullptr;  // null: the views are built anew at each start
  std::filesystem::path data;                  // the folder of what must last
  std::string owner = {};                      // what the log's table of cells calls this process: "host:process"
  std::string base_url;  // as customers and the payment provider reach this server, without a slash at its end
  auth::CookieTransport cookies = auth::CookieTransport::kHttp;
  SampleLoad sample_load;  // for the operators' board
};

class Service final : public platform::Service {
 public:
  // kInvalid names a setting that can't be used; kIo.
  [[nodiscard]] static Result<std::unique_ptr<Service>> make(const ServiceSettings& settings, SaleDeps deps);
  ~Service() override;

  [[nodiscard]] std::string_view name() const override { return Machine::kKind; }
  void add_routes(platform::Routes& routes, net::Loop& loop, platform::Operators operators) override;
  [[nodiscard]] Result<platform::Started> start() override;
  void stop() override;  // also of one that make() has given up half way
  [[nodiscard]] Result<void> ready() const override;
  void add_metrics(ops::Metrics& metrics) override;
  [[nodiscard]] std::vector<platform::DeliverySource*> deliveries() override;
  [[nodiscard]] std::vector<std::unique_ptr<platform::DeliverySource>> deliveries_again() override;
  // Sales: "/api/v1/sales/ps5".
  [[nodiscard]] bool has(std::string_view resource) const override;

 private:
  Service(const ServiceSettings& settings, SaleDeps deps);
  Result<void> connect_payments(const ServiceSettings& settings);
  void build(const ServiceSettings& settings);
  [[nodiscard]] std::unique_ptr<WebhookFeed> feed_of(CellId cell, Sequence tail);

  const SaleDeps deps_;
  const auth::IdSealer ids_;
  const std::unique_ptr<platform::StateStore> archive_store_;  // null where the views are not saved either
  ops::RepeatGate payment_warnings_{Duration::seconds(10)};
  Directory directory_;
  std::unique_ptr<platform::PaymentProvider> provider_;
  std::unique_ptr<PaymentOutboxes> payments_;
  std::unique_ptr<Engine> sales_;
  std::vector<std::unique_ptr<WebhookFeed>> feeds_;  // one a cell, from start() on
};

}  // namespace doorbuster::sale
