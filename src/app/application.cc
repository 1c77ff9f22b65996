#include "app/application.h"

#include <algorithm>
#include <filesystem>
#include <thread>

#include "app/attestation.h"
#include "app/clock_watch.h"
#include "app/data_folder.h"
#include "app/http_load_sampler.h"
#include "app/keys_of_config.h"
#include "app/services.h"
#include "base/encoding.h"
#include "log/memory/memory_log.h"
#include "log/rocksdb/rocksdb_log.h"
#include "net/server_metrics.h"
#include "ops/process_metrics.h"
#include "platform/operators/operator_calls.h"
#include "platform/views/folder_store.h"
#include "platform/webhooks/webhook_calls.h"
#include "platform/webhooks/webhook_metrics.h"

namespace doorbuster::app {
namespace {

// How customers reach this server, where nobody says so.
Result<std::string> address_of_listener(const std::string& listen) {
  const net::Endpoint endpoint = TRY(net::parse_endpoint(listen));
  const bool leads_here = endpoint.port != 0 && !endpoint.is_every_address();
  if (leads_here) return "http://" + listen;
  return fail(ErrorCode::kInvalid,
              "base_url has to say how customers reach this server, because listen = \"" + listen +
                  "\" does not: links in answers and the payment provider's callbacks begin with it. For a try on this "
                  "machine: --base-url http://127.0.0.1:" +
                  std::to_string(endpoint.port));
}

auth::CookieTransport cookies_of(const std::string& base_url) {
  return base_url.starts_with("https:") ? auth::CookieTransport::kHttps : auth::CookieTransport::kHttp;
}

void log_webhook(const ops::Logger& logger, const platform::EndpointStatus& status) {
  const std::string_view disabled_by =
      status.disabled ? platform::kDisabledByNames[static_cast<size_t>(status.disabled->by)] : std::string_view();
  logger.warning("webhook", {{"endpoint", status.endpoint.id},
                             {"url", status.endpoint.url},
                             {"state", platform::kEndpointStateNames[static_cast<size_t>(status.state)]},
                             {"disabled_by", disabled_by},
                             {"error", status.last_error},
                             {"trace_id", status.last_error_trace}});
}

}  // namespace

Result<std::unique_ptr<Application>> Application::start(const Config& config, const ops::Logger& logger,
                                                        const DemoShop* demo_shop) {
  std::unique_ptr<Application> application(new Application(config, logger, demo_shop));
  application->base_url_ = config.base_url.empty() ? TRY(address_of_listener(config.listen)) : config.base_url;
  // Who may ask, and by what secrets everything else is derived.
  TRY(application->open_keys());
  // Who is let in, and how often.
  application->guard_ = TRY(guard::Guard::make(config.guard, application->keys_->master_key(), application->clock_));
  // Where decisions become durable.
  TRY(application->open_log());
  // What decides: the services, each with its cell and its views.
  TRY(application->make_services());
  // What operators can see of them.
  application->watch_over_them();
  // The doors open first, saying "in a moment" to everybody, ...
  TRY(application->listen());
  // ... and then the log is replayed, and the services go on.
  TRY(application->start_services());
  // The shop's endpoints hear what has happened since they last listened. A new one begins here: before anybody is let
  // in, so that it misses nothing, whatever becomes of this start.
  TRY(application->start_webhooks());
  application->recovered_flag_.store(true, std::memory_order_release);
  return application;
}

Application::Application(const Config& config, const ops::Logger& logger, const DemoShop* demo_shop)
    : config_(config),
      limits_(limits_of(config, means_of_this_process())),
      logger_(logger),
      demo_shop_(demo_shop),
      clock_(wall_, steady_, [logger](const ServerClock::State& state) { log_clock(logger, state); }) {}

Application::~Application() { stop(); }

Result<void> Application::open_keys() {
  std::error_code error;
  std::filesystem::create_directories(config_.data, error);
  if (error) {
    return fail(ErrorCode::kIo, "the data folder '" + config_.data + "' can't be made (" + error.message() +
                                    "): choose another with --data");
  }
  const auto surroundings = TRY(key_surroundings(config_));
  keys_ = TRY(auth::KeyStore::open(config_.data, clock_.now(), surroundings));
  return {};
}

Result<void> Application::open_log() {
  TRY(make_log());
  health_.emplace(attested_by(*log_));
  return {};
}

Result<void> Application::make_log() {
  if (config_.log.store == Store::kMemory) {
    log_ = std::make_unique<log::MemoryLog>();
    return {};
  }
  log_ = TRY(
      log::RocksdbLog::start({.directory = std::filesystem::path(config_.data) / "log",
                              .allow_lost_tail = config_.log.allow_lost_tail,
                              .report = [logger = logger_](std::string_view sentence) { logger.warning(sentence); }}));
  return {};
}

Result<void> Application::make_services() {
  operators_ = std::make_unique<platform::OperatorAccess>(*keys_, cookies_of(base_url_),
                                                          TRY(platform::OperatorFiles::open(config_.data)), base_url_);
  if (config_.log.store != Store::kMemory)
    view_store_ = std::make_unique<platform::FolderStore>(std::filesystem::path(config_.data) / "views");
  const ServiceDeps deps{.log = *log_,
                         .operators = *operators_,
                         .gate = *guard_,
                         .clock = clock_,
                         .wall = &wall_,
                         .logger = logger_,
                         .view_store = view_store_.get(),
                         .data = config_.data,
                         .owner = name_of_this_process(),
                         .base_url = base_url_,
                         .cookies = cookies_of(base_url_),
                         .sample_load = [this](Timestamp now) { return http_load_.look(now); }};
  services_ = TRY(app::make_services(config_, deps, [this](std::string_view resource) {
    return std::ranges::any_of(services_, [&](const auto& service) { return service->has(resource); });
  }));
  webhooks_ = std::make_unique<platform::WebhookEngine>(platform::WebhookEngine::Deps{
      .clock = clock_,
      .wall = &wall_,
      .folder = config_.data,
      .changed = [this](const platform::EndpointStatus& status) { log_webhook(logger_, status); }});
  return {};
}

void Application::watch_over_them() {
  health_->must_be_ready("log", [this]() -> Result<void> {
    if (recovered_flag_.load(std::memory_order_acquire)) return {};
    return fail(ErrorCode::kUnavailable, "the log is being replayed: wait");
  });
  health_->should_be("clock", [this] { return check_clock(clock_.state()); });
  register_clock_metrics(metrics_, clock_);
  ops::register_process_metrics(metrics_, {.version = DOORBUSTER_VERSION, .compiler = DOORBUSTER_COMPILER});
  for (const auto& service : services_) {
    health_->must_be_ready(std::string(service->name()), [&service = *service] { return service.ready(); });
    service->add_metrics(metrics_);
  }
  platform::register_metrics(metrics_, *webhooks_, clock_);
  guard_->add_metrics(metrics_);
}

Result<std::unique_ptr<net::Server>> Application::listen_at(const std::string& address, uint32_t reactors,
                                                            platform::Operators operators, bool metrics) {
  const DispatcherContext shared{.health = *health_,
                                 .metrics = [this] { return metrics_.exposition(); },
                                 .recovered = recovered_flag_,
                                 .shows_metrics = metrics,
                                 .demo_shop = demo_shop_};
  const uint32_t all_reactors = limits_.reactors + (config_.admin_listen.empty() ? 0 : 1);
  net::ServerOptions options{
      .listen = address, .reactors = reactors, .limits = limits_.http, .reactors_elsewhere = all_reactors - reactors};
  for (const auto& service : services_) {
    std::ranges::copy(service->larger_bodies(), std::back_inserter(options.limits.larger_bodies));
  }
  return net::Server::start(options, [&](net::Loop& loop) {
    platform::Routes routes;
    platform::add_operator_routes(routes, *operators_, operators);
    guard_->add_routes(routes);
    platform::add_webhook_routes(routes, loop, *operators_, operators, *webhooks_);
    for (const auto& service : services_) service->add_routes(routes, loop, operators);
    return std::make_unique<Dispatcher>(shared, std::make_unique<platform::RoutedHandler>(std::move(routes), clock_));
  });
}

Result<void> Application::listen() {
  const bool apart = !config_.admin_listen.empty();
  public_server_ = TRY(listen_at(config_.listen, limits_.reactors,
                                 apart ? platform::Operators::kRefused : platform::Operators::kServed, !apart));
  observe_listener(*public_server_, "public");
  if (!apart) return {};
  admin_server_ = TRY(listen_at(config_.admin_listen, 1, platform::Operators::kServed, true));
  observe_listener(*admin_server_, "admin");
  return {};
}

void Application::observe_listener(const net::Server& server, const std::string& name) {
  net::register_metrics(metrics_, server, name);
  for (size_t i = 0; i < server.reactors(); ++i) http_load_.add(server.metrics(i));
}

Result<void> Application::start_services() {
  for (const auto& service : services_) {
    const platform::Started started = TRY(service->start());
    started_.events += started.events;
    started_.replayed += started.replayed;
    started_.last_time = std::max(started_.last_time, started.last_time);
  }
  clock_.not_before(started_.last_time);
  // The log is whole, and nothing was changed yet that a refused start would have left.
  TRY(bind_keys_and_log(config_, *keys_));
  TRY(apply_configured_keys(*operators_, config_.sale.shop_keys, clock_.now(), logger_));
  for (const auto& service : services_) {
    std::vector<std::unique_ptr<platform::DeliverySource>> others;
    for (const auto& other : services_) {
      if (other != service) std::ranges::move(other->deliveries_again(), std::back_inserter(others));
    }
    service->follow(std::move(others));
  }
  return {};
}

Result<void> Application::start_webhooks() {
  std::vector<platform::WebhookEndpoint> endpoints;
  for (const WebhookConfig& webhook : config_.webhooks) {
    // Without an id it is known by its url; one that is given an id later goes on where it was.
    const std::string of_url = to_hex(Bytes(sha256(as_bytes(webhook.url))).first(8));
    endpoints.push_back({.id = webhook.id.empty() ? of_url : webhook.id,
                         .url = webhook.url,
                         .secrets = {{.text = webhook.secret}},
                         .types = webhook.events,
                         .in_flight = webhook.in_flight,
                         .batch = webhook.batch,
                         .former_id = of_url});
  }
  std::vector<platform::DeliverySource*> sources;
  for (const auto& service : services_) {
    for (platform::DeliverySource* source : service->deliveries()) sources.push_back(source);
  }
  return webhooks_->start(std::move(endpoints), sources);
}

void Application::stop() {
  if (health_) health_->drain();
  const Duration patience = config_.drain_time;
  if (public_server_) public_server_->drain(patience);
  if (admin_server_) admin_server_->drain(patience);
  if (webhooks_) webhooks_->stop();
  for (auto service = services_.rbegin(); service != services_.rend(); ++service) (*service)->stop();
}

}  // namespace doorbuster::app
