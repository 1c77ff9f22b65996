// The server, put together: the one place that knows every part. What it serves is a list of services (services.h).
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/config.h"
#include "app/dispatcher.h"
#include "app/http_load_sampler.h"
#include "app/limits.h"
#include "base/server_clock.h"
#include "guard/guard.h"
#include "log/log.h"
#include "net/server.h"
#include "ops/health.h"
#include "ops/logging.h"
#include "ops/metrics/registry.h"
#include "platform/operators/operator_authenticator.h"
#include "platform/service.h"
#include "platform/views/state_store.h"
#include "platform/webhooks/webhooks.h"

namespace doorbuster::app {

class Application {
 public:
  // Builds everything in order and serves. When it returns, the log has been replayed and the server is ready. Errors
  // are sentences for whoever typed the command. The demo shop, if there is one, has to live as long.
  [[nodiscard]] static Result<std::unique_ptr<Application>> start(const Config& config, const ops::Logger& logger,
                                                                  const DemoShop* demo_shop = nullptr);

  // Reads again what may change while it runs: the guard's policy. On an error everything goes on as it was.
  [[nodiscard]] Result<void> reload() { return guard_->reload(); }

  // Finishes what has begun, makes it durable and stops. After it the object can only be destroyed.
  void stop();
  ~Application();

  // "127.0.0.1:8080"
  [[nodiscard]] std::string address() const { return public_server_->address(); }
  [[nodiscard]] std::string base_url() const { return base_url_; }
  // The keys were made just now: whoever watches should be told where they are.
  [[nodiscard]] bool made_keys() const { return keys_->start() == auth::KeyStore::Start::kFirst; }
  // What an acknowledged order survives.
  [[nodiscard]] log::Durability durability() const { return log_->durability(); }
  // All services together.
  [[nodiscard]] const platform::Started& started() const { return started_; }

 private:
  Application(const Config& config, const ops::Logger& logger, const DemoShop* demo_shop);

  // The steps of start(), in their order.
  Result<void> open_keys();
  Result<void> open_log();
  Result<void> make_log();
  Result<void> make_services();
  void watch_over_them();
  Result<void> listen();
  void observe_listener(const net::Server& server, const std::string& name);
  Result<void> start_services();
  Result<void> start_webhooks();

  Result<std::unique_ptr<net::Server>> listen_at(const std::string& address, uint32_t reactors,
                                                 platform::Operators operators, bool metrics);

  const Config config_;
  const Limits limits_;
  const ops::Logger logger_;
  const DemoShop* const demo_shop_;
  const SystemClock wall_;
  const MachineSteady steady_;
  ServerClock clock_;
  std::string base_url_;
  ops::Metrics metrics_;
  std::optional<ops::Health> health_;  // once the log is there, which attests what it keeps
  HttpLoadSampler http_load_;
  std::atomic<bool> recovered_flag_{false};
  platform::Started started_;

  std::unique_ptr<guard::Guard> guard_;
  std::unique_ptr<auth::KeyStore> keys_;
  std::unique_ptr<platform::OperatorAccess> operators_;
  std::unique_ptr<log::Log> log_;
  std::unique_ptr<platform::StateStore> view_store_;  // null with a log in memory: what follows from it goes with it
  std::vector<std::unique_ptr<platform::Service>> services_;
  std::unique_ptr<platform::WebhookEngine> webhooks_;
  std::unique_ptr<net::Server> public_server_;
  std::unique_ptr<net::Server> admin_server_;
};

}  // namespace doorbuster::app
