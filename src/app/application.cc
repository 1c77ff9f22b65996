#include "app/application.h"

#include <filesystem>
#include <thread>

#include "app/edge_watch.h"
#include "app/keys_of_config.h"
#include "base/encoding.h"
#include "log/memory/memory_log.h"
#include "log/rocksdb/rocksdb_log.h"
#include "net/server_metrics.h"
#include "ops/process_metrics.h"
#include "platform/operators/operator_calls.h"
#include "platform/outbound/http_payment.h"
#include "platform/views/folder_store.h"
#include "platform/webhooks/webhook_calls.h"
#include "platform/webhooks/webhook_metrics.h"
#include "sale/metrics.h"

namespace doorbuster::app {
namespace {

ops::Durability durability_of(const Config& config) {
  return config.log.store == Store::kMemory ? ops::durability_of_memory() : ops::durability_of_rocksdb();
}

sale::AdmissionOptions admission_options(const Config& config, const std::string& base_url) {
  auto return_to = platform::RedirectAllowList::make(config.sale.admissions.return_to);
  ASSERT(return_to.has_value());  // every entry was checked when it was read
  return {.issuer = base_url, .life_max = config.sale.admissions.life_max, .return_to = std::move(*return_to)};
}

// "https://shop.example" of "https://shop.example/path".
std::string origin_of(const std::string& url) {
  const size_t scheme = url.find("://");
  return scheme == std::string::npos ? std::string() : url.substr(0, url.find('/', scheme + 3));
}

auth::CookieTransport cookies_of(const std::string& base_url) {
  return base_url.starts_with("https:") ? auth::CookieTransport::kHttps : auth::CookieTransport::kHttp;
}

sale::ServiceOptions service_options(const Config& config, const Limits& limits, const ops::Logger& logger,
                                     const std::string& base_url) {
  return {.capacity = limits.sale,
          .cell = config.sale.cell,
          .requests_a_port = limits.ring_commands,
          .cookies = cookies_of(base_url),
          .admissions = admission_options(config, base_url),
          .on_trouble = [logger](const std::string& trouble) { logger.error(trouble); }};
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

void log_payment_call(const ops::Logger& logger, ops::RepeatGate& gate, const platform::PaymentCall& call) {
  const ops::Logger traced = logger.under(call.trace);
  const std::string asked = std::string(call.method) + " " + std::string(call.path);
  const std::string_view outcome = platform::kPaymentOutcomeNames[static_cast<size_t>(call.outcome)];
  if (call.outcome == platform::PaymentOutcome::kDone)
    traced.debug("payment provider", {{"call", asked}, {"outcome", outcome}});
  else
    traced.warning(gate, "payment provider", {{"call", asked}, {"outcome", outcome}, {"error", call.reason}});
}

}  // namespace

Result<std::unique_ptr<Application>> Application::start(const Config& config, const ops::Logger& logger) {
  std::unique_ptr<Application> application(new Application(config, logger));
  // Who may ask, and by what secrets everything else is derived.
  TRY(application->open_keys());
  // Where decisions become durable.
  TRY(application->open_log());
  // Who takes the money.
  TRY(application->connect_payments());
  // What decides: the sale service, with its views and the outbox that follow the log.
  application->build_sales();
  // What operators can see of it.
  application->watch_over_it();
  // The doors open first, saying "in a moment" to everybody, ...
  TRY(application->listen());
  // ... and then the log is replayed, and the sale goes on.
  TRY(application->recover());
  // At last the shop's endpoints hear what has happened since they last listened.
  TRY(application->start_webhooks());
  return application;
}

Application::Application(const Config& config, const ops::Logger& logger)
    : config_(config),
      limits_(limits_of(config, means_of_this_process())),
      logger_(logger),
      health_(durability_of(config)) {}

Application::~Application() { stop(); }

Result<void> Application::open_keys() {
  std::error_code error;
  std::filesystem::create_directories(config_.data, error);
  if (error) {
    return fail(ErrorCode::kIo, "the data folder '" + config_.data + "' can't be made (" + error.message() +
                                    "): choose another with --data");
  }
  keys_ = TRY(auth::KeyStore::open(config_.data, clock_.now()));
  return add_configured_keys(*keys_, config_.sale.shop_keys, clock_.now());
}

Result<void> Application::open_log() {
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

Result<void> Application::connect_payments() {
  base_url_ = config_.base_url.empty() ? "http://" + config_.listen : config_.base_url;
  const std::string secret = TRY(payment_secret(config_));
  provider_ = TRY(platform::HttpPayment::make(
      {.base_url = config_.sale.payment.url,
       .secret = secret,
       .callback_url = base_url_ + "/api/v1/payments/events",
       .total_time = config_.sale.payment.timeout,
       .on_call = [this](const platform::PaymentCall& call) { log_payment_call(logger_, payment_warnings_, call); }},
      clock_));
  directory_ = std::make_unique<sale::Directory>();
  ids_ = std::make_unique<auth::IdSealer>(keys_->master_key());
  sale::PaymentOutboxOptions options;
  options.return_url = base_url_ + "/?order=";
  options.secrets.push_back(TRY(auth::WebhookSecret::parse(secret)));
  options.on_trouble = [logger = logger_](const std::string& trouble) { logger.warning(trouble); };
  payments_ = std::make_unique<sale::PaymentOutbox>(std::move(options), *provider_, *directory_, *ids_, clock_);
  return {};
}

void Application::build_sales() {
  operators_ = std::make_unique<platform::OperatorAccess>(*keys_, cookies_of(base_url_), origin_of(base_url_));
  sale::ServiceOptions options = service_options(config_, limits_, logger_, base_url_);
  options.edge_load = [this](Timestamp now) { return edge_watch_.look(now); };
  // A log in memory is gone at the end, and so is what follows from it.
  if (config_.log.store != Store::kMemory)
    view_store_ = std::make_unique<platform::FolderStore>(std::filesystem::path(config_.data) / "views");
  options.view_store = view_store_.get();
  sales_ = std::make_unique<sale::Service>(std::move(options), *log_, *operators_, *directory_, *payments_, clock_,
                                           std::vector<sale::Projection*>{payments_.get()});
  sales_->attach(payments_->port());
  webhooks_ = std::make_unique<platform::WebhookEngine>(platform::WebhookEngine::Deps{
      .clock = clock_, .folder = config_.data, .changed = [this](const platform::EndpointStatus& status) {
        log_webhook(logger_, status);
      }});
}

void Application::watch_over_it() {
  health_.must_be_ready("log", [this]() -> Result<void> {
    if (!recovered_flag_.load(std::memory_order_acquire))
      return fail(ErrorCode::kUnavailable, "the log is being replayed: wait");
    if (!sales_->is_owner()) return fail(ErrorCode::kFenced, "this server does not own its log any more: stop it");
    return {};
  });
  ops::register_process_metrics(metrics_, {.version = DOORBUSTER_VERSION, .compiler = DOORBUSTER_COMPILER});
  sale::register_metrics(metrics_, *sales_, *payments_);
  platform::register_metrics(metrics_, *webhooks_, clock_);
}

Result<std::unique_ptr<net::Server>> Application::listen_at(const std::string& address, uint32_t reactors,
                                                            platform::Operators operators, bool metrics) {
  const FrontShared shared{.health = health_,
                           .metrics = [this] { return metrics_.exposition(); },
                           .recovered = recovered_flag_,
                           .shows_metrics = metrics};
  return net::Server::start({.listen = address, .reactors = reactors, .limits = limits_.http}, [&](net::Loop& loop) {
    platform::Routes routes;
    platform::add_operator_routes(routes, *operators_, operators);
    platform::add_webhook_routes(routes, loop, *operators_, operators, *webhooks_);
    sales_->add_routes(routes, loop, operators);
    return std::make_unique<Front>(shared, std::make_unique<platform::RoutedHandler>(std::move(routes), clock_));
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
  for (size_t i = 0; i < server.reactors(); ++i) edge_watch_.add(server.metrics(i));
}

Result<void> Application::recover() {
  recovered_ = TRY(sales_->start());
  payments_->start();
  recovered_flag_.store(true, std::memory_order_release);
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
  webhook_feed_ = std::make_unique<sale::WebhookFeed>(*log_, CellId{0}, recovered_.lease.tail, *directory_, *ids_,
                                                      sales_->shared().views);
  return webhooks_->start(std::move(endpoints), {webhook_feed_.get()});
}

void Application::stop() {
  health_.drain();
  const Duration patience = config_.drain_time;
  if (public_server_) public_server_->drain(patience);
  if (admin_server_) admin_server_->drain(patience);
  if (webhooks_) webhooks_->stop();
  // The outbox asks nothing further; then the provider ends, whose last callbacks still speak to the outbox.
  if (payments_) payments_->stop();
  provider_.reset();
  if (sales_) sales_->stop();
}

}  // namespace doorbuster::app
