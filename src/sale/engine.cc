#include "sale/engine.h"

#include <utility>

#include "sale/api/sale_api.h"

namespace doorbuster::sale {
namespace {

constexpr CellId kCell{0};

}  // namespace

Engine::Engine(EngineOptions options, log::Log& log, platform::OperatorAccess& operators, Directory& directory,
               PaymentGateway& payments, const Clock& clock, const std::vector<Projection*>& projections)
    : options_(std::move(options)),
      context_{.clock = clock,
               .operators = operators,
               .keys = operators.keys,
               .gate = options_.gate == nullptr ? open_gate_ : *options_.gate,
               .customers = auth::CustomerHasher(operators.keys.master_key()),
               .ids = auth::IdSealer(operators.keys.master_key()),
               .cookies = auth::GuestCookies(operators.keys.master_key(), options_.cookies),
               .entry_tokens = EntryTokens(operators.keys.master_key()),
               .report_tokens = ReportTokens(operators.keys.master_key()),
               .admissions = options_.admissions,
               .directory = directory,
               .board = StatusBoard(options_.capacity.sales),
               .views = Views(log, kCell, sealed_entry_name(auth::IdSealer(operators.keys.master_key())), projections,
                              {.store = options_.view_store,
                               .events_a_save = options_.cell.events_a_snapshot,
                               .on_trouble = options_.on_trouble}),
               .uniformities = {},
               .payments = payments,
               .refusals = RefusalCounts(options_.capacity.sales),
               .sample_load = options_.sample_load},
      cell_(
          kCell, log, [this] { return std::make_unique<Machine>(options_.capacity, sealed_entry_name(context_.ids)); },
          [this](Machine::Publication&& publication) { publish(std::move(publication)); }, options_.cell),
      host_(log, clock),
      runner_(host_, cell_, probe_,
              {.on_durable = [this](Sequence tail) { context_.views.follower().note_durable(kCell, tail); },
               .on_trouble = options_.on_trouble}) {
  cell_.on_traced([this](Sequence first, uint32_t count, const TraceContext& trace) {
    context_.views.traces().note(first, count, trace);
  });
}

Engine::~Engine() {
  if (options_.threads == cell::Host::Threads::kOwn) stop();
}

void Engine::publish(Machine::Publication&& publication) {
  const SaleNumber sale = publication.status.sale;
  const bool is_known = context_.directory.knows(sale);
  // Customers before numbers: whoever sees the last unit go must see to whom it went.
  if (is_known) context_.directory.add_customers(sale, publication.newcomers);
  // Numbers before settings: whoever finds a new sale in the directory must find its numbers too.
  context_.board.publish(publication.status);
  if (publication.settings)
    context_.directory.publish(sale, *publication.settings, publication.message, publication.beacon);
  if (!is_known) context_.directory.add_customers(sale, publication.newcomers);
}

void Engine::add_routes(platform::Routes& routes, net::Loop& loop, platform::Operators operators) {
  auto& client = *clients_.emplace_back(std::make_unique<SaleClient>(loop, options_.requests_a_port));
  routes.keep(std::make_unique<SaleApi>(context_, loop, client, operators)).add_to(routes);
  cell_.attach(client.port());
}

Result<cell::Recovered> Engine::start() {
  cell::Recovered recovered = TRY(runner_.claim());
  if (options_.threads == cell::Host::Threads::kOwn)
    context_.views.follower().start({recovered.lease.tail});
  else
    context_.views.follower().restore({recovered.lease.tail});
  host_.start(options_.threads);
  return recovered;
}

void Engine::stop() {
  host_.stop();
  context_.views.follower().stop();
}

}  // namespace doorbuster::sale
