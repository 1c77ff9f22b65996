#include "sale/service.h"

#include <algorithm>
#include <utility>

#include "platform/outbound/http_payment.h"
#include "platform/outbound/payment_secret.h"
#include "platform/views/folder_store.h"
#include "sale/metrics.h"

namespace doorbuster::sale {
namespace {

AdmissionOptions admission_options(const AdmissionSettings& settings, const std::string& base_url) {
  auto return_to = platform::RedirectAllowList::make(settings.return_to);
  ASSERT(return_to.has_value());  // every entry was checked when it was read
  return {.issuer = base_url, .life_max = settings.life_max, .return_to = std::move(*return_to)};
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

// For the sandbox one is made on the first start and kept where `doorbuster sandbox` finds it.
Result<std::string> secret_of(const PaymentSettings& settings, const std::filesystem::path& data) {
  if (!settings.secret.empty()) return settings.secret;
  return platform::payment_secret(data / "payment.secret");
}

}  // namespace

Result<std::unique_ptr<Service>> Service::make(const ServiceSettings& settings, SaleDeps deps) {
  std::unique_ptr<Service> service(new Service(settings, std::move(deps)));
  TRY(service->connect_payments(settings));
  service->build(settings);
  return service;
}

Service::Service(const ServiceSettings&, SaleDeps deps)
    : deps_(std::move(deps)),
      ids_(deps_.operators.keys.master_key()),
      archive_store_(deps_.view_store == nullptr ? nullptr
                                                 : std::make_unique<platform::FolderStore>(deps_.data / "archive")) {}

Service::~Service() { stop(); }

Result<void> Service::connect_payments(const ServiceSettings& settings) {
  const std::string secret = TRY(secret_of(settings.payment, deps_.data));
  provider_ = TRY(platform::HttpPayment::make(
      {.base_url = settings.payment.url,
       .secret = secret,
       .callback_url = deps_.base_url + "/api/v1/payments/events",
       .total_time = settings.payment.timeout,
       .wall = deps_.wall,
       .on_call =
           [this](const platform::PaymentCall& call) { log_payment_call(deps_.logger, payment_warnings_, call); }},
      deps_.clock));
  PaymentOutboxOptions options;
  options.wall = deps_.wall;
  options.return_url = deps_.base_url + "/?order=";
  options.on_trouble = [logger = deps_.logger](const std::string& trouble) { logger.warning(trouble); };
  payments_ = std::make_unique<PaymentOutboxes>(settings.cells, std::move(options),
                                                std::vector{TRY(auth::WebhookSecret::parse(secret))}, *provider_,
                                                directory_, ids_, deps_.clock);
  return {};
}

void Service::build(const ServiceSettings& settings) {
  cell::CellOptions cell = settings.cell;
  cell.owner = deps_.owner;
  std::vector<Projection*> outboxes;
  for (uint32_t i = 0; i < settings.cells; ++i) outboxes.push_back(&payments_->of(CellId(i)));
  sales_ = std::make_unique<Engine>(
      EngineOptions{.capacity = settings.capacity,
                    .cell = cell,
                    .cells = settings.cells,
                    .requests_a_reactor = settings.ring_commands,
                    .cookies = deps_.cookies,
                    .admissions = admission_options(settings.admissions, deps_.base_url),
                    .keeps_customer_ids = settings.keep_customer_ids,
                    .gate = &deps_.gate,
                    .wall = deps_.wall,
                    .sample_load = deps_.sample_load,
                    .view_store = deps_.view_store,
                    .archive_store = archive_store_.get(),
                    .on_trouble = [logger = deps_.logger](const std::string& trouble) { logger.error(trouble); }},
      deps_.log, deps_.operators, directory_, *payments_, deps_.clock, outboxes);
  for (uint32_t i = 0; i < settings.cells; ++i) sales_->attach(CellId(i), payments_->of(CellId(i)).port());
}

void Service::add_routes(platform::Routes& routes, net::Loop& loop, platform::Operators operators) {
  sales_->add_routes(routes, loop, operators);
}

Result<platform::Started> Service::start() {
  platform::Started started;
  for (const cell::Recovered& recovered : TRY(sales_->start())) {
    started.events += recovered.lease.tail.value();
    started.replayed += recovered.replayed;
    started.last_time = std::max(started.last_time, recovered.last_time);
    const CellId cell = recovered.lease.cell;
    feeds_.push_back(feed_of(cell, recovered.lease.tail));
  }
  payments_->start();
  return started;
}

std::unique_ptr<WebhookFeed> Service::feed_of(CellId cell, Sequence tail) {
  return std::make_unique<WebhookFeed>(deps_.log, cell, tail, directory_, ids_, sales_->context().views.of(cell));
}

std::vector<std::unique_ptr<platform::DeliverySource>> Service::deliveries_again() {
  std::vector<std::unique_ptr<platform::DeliverySource>> sources;
  for (const auto& feed : feeds_) sources.push_back(feed_of(CellId(feed->id().cell), Sequence(feed->tail_at_start())));
  return sources;
}

bool Service::has(std::string_view resource) const {
  constexpr std::string_view kSales = "/api/v1/sales/";
  return resource.starts_with(kSales) && directory_.page()->by_id.find(resource.substr(kSales.size())).has_value();
}

std::vector<platform::DeliverySource*> Service::deliveries() {
  std::vector<platform::DeliverySource*> sources;
  for (const auto& feed : feeds_) sources.push_back(feed.get());
  return sources;
}

// The outbox asks nothing further; then the provider ends, whose last callbacks still speak to the outbox.
void Service::stop() {
  if (payments_) payments_->stop();
  provider_.reset();
  if (sales_) sales_->stop();
}

Result<void> Service::ready() const {
  if (sales_->is_owner()) return {};
  return fail(ErrorCode::kFenced, "this server does not own the sales' logs any more: stop it");
}

void Service::add_metrics(ops::Metrics& metrics) { register_metrics(metrics, *sales_, *payments_); }

}  // namespace doorbuster::sale
