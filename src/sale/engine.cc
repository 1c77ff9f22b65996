#include "sale/engine.h"

#include <algorithm>
#include <utility>

#include "sale/api/sale_api.h"

namespace doorbuster::sale {

Engine::Engine(EngineOptions options, log::Log& log, platform::OperatorAccess& operators, Directory& directory,
               PaymentGateway& payments, const Clock& clock, const std::vector<Projection*>& projections)
    : options_(std::move(options)),
      log_(log),
      context_{.clock = clock,
               .wall = options_.wall == nullptr ? clock : *options_.wall,
               .operators = operators,
               .keys = operators.keys,
               .gate = options_.gate == nullptr ? open_gate_ : *options_.gate,
               .customers = auth::CustomerHasher(operators.keys.master_key()),
               .ids = auth::IdSealer(operators.keys.master_key()),
               .cookies = auth::GuestCookies(operators.keys.master_key(), options_.cookies),
               .entry_tokens = EntryTokens(operators.keys.master_key()),
               .report_tokens = ReportTokens(operators.keys.master_key()),
               .admissions = options_.admissions,
               .keeps_customer_ids = options_.keeps_customer_ids,
               .directory = directory,
               .views = AllViews(log, options_.cells, sealed_entry_name(auth::IdSealer(operators.keys.master_key())),
                                 projections,
                                 {.store = options_.view_store,
                                  .archive = options_.archive_store,
                                  .events_a_save = options_.cell.events_a_snapshot,
                                  .on_trouble = options_.on_trouble}),
               .uniformities = {},
               .payments = payments,
               .refusals = RefusalCounts(size_t{options_.capacity.sales} * options_.cells),
               .sample_load = options_.sample_load},
      host_(log, clock) {
  ASSERT(options_.cells >= 1 && options_.cells <= kCellsMax);
  for (uint32_t cell = 0; cell < options_.cells; ++cell)
    cells_.push_back(std::make_unique<OneCell>(*this, CellId(cell)));
}

Engine::OneCell::OneCell(Engine& engine, CellId id)
    : cell(
          id, engine.log_,
          [&engine, id] {
            return std::make_unique<Machine>(engine.options_.capacity, sealed_entry_name(engine.context_.ids), id);
          },
          [&engine, this](Machine::Publication&& publication) {
            used.publish(publication.used);
            engine.publish(std::move(publication));
          },
          engine.options_.cell),
      runner(engine.host_, cell, probe,
             {.on_durable = [views = &engine.context_.views.of(id),
                             id](Sequence tail) { views->follower().note_durable(id, tail); },
              .on_trouble = engine.options_.on_trouble}) {
  cell.on_traced([views = &engine.context_.views.of(id)](Sequence first, uint32_t count, const TraceContext& trace) {
    views->traces().note(first, count, trace);
  });
}

Engine::~Engine() {
  if (options_.threads == cell::Host::Threads::kOwn) stop();
}

void Engine::publish(Machine::Publication&& publication) {
  Directory& directory = context_.directory;
  if (!publication.archived.empty()) return directory.archive(publication.archived);
  const bool is_known = directory.publish(publication.status, publication.newcomers);
  if (publication.settings)
    directory.publish(publication.status, *publication.settings, publication.message, publication.beacon);
  if (!is_known) ASSERT(directory.publish(publication.status, publication.newcomers));
}

void Engine::add_routes(platform::Routes& routes, net::Loop& loop, platform::Operators operators) {
  auto& client =
      *clients_.emplace_back(std::make_unique<SaleClient>(loop, options_.requests_a_reactor, options_.cells));
  routes.keep(std::make_unique<SaleApi>(context_, loop, client, operators)).add_to(routes);
  for (const auto& one : cells_) one->cell.attach(client.port(one->cell.id()));
}

// A sale stays in its cell for ever, so a cell that has any must be there.
Result<void> Engine::check_cells() const {
  uint32_t needed = 0;
  for (const log::CellRow& row : TRY(log_.cells())) {
    const bool has_sales = row.kind == log::MachineKind(Machine::kKind) && row.tail > Sequence();
    if (has_sales) needed = std::max(needed, row.cell.value() + 1);
  }
  if (needed <= cells()) return {};
  return fail(ErrorCode::kInvalid,
              "cells is " + std::to_string(cells()) + ", but the data folder has sales in " + std::to_string(needed) +
                  " cells, and a sale never leaves its cell: set cells = " + std::to_string(needed) +
                  " or more (--cells)");
}

// All are claimed, and so have told the directory of their sales, before any of them decides: an id that is in use
// anywhere is known by then.
Result<std::vector<cell::Recovered>> Engine::start() {
  TRY(check_cells());
  std::vector<cell::Recovered> recovered;
  std::vector<Sequence> tails;
  std::string too_low;  // limits, a sentence each, of all cells
  for (const auto& one : cells_) {
    auto claimed = one->runner.claim();
    if (!claimed && claimed.error().code == ErrorCode::kLimit) {
      too_low += (too_low.empty() ? "" : "\n") + claimed.error().message;
      continue;
    }
    recovered.push_back(TRY(std::move(claimed)));
    tails.push_back(recovered.back().lease.tail);
  }
  if (!too_low.empty()) return fail(ErrorCode::kLimit, too_low);
  if (options_.threads == cell::Host::Threads::kOwn)
    context_.views.start(tails);
  else
    context_.views.restore(tails);
  host_.start(options_.threads);
  return recovered;
}

void Engine::stop() {
  host_.stop();
  context_.views.stop();
}

Engine::Parts Engine::parts(CellId cell) {
  OneCell& one = *cells_[cell.value()];
  return {one.cell, one.runner, host_, context_.views.of(cell).follower()};
}

bool Engine::is_owner() const {
  return std::ranges::all_of(cells_, [](const auto& one) {
    return one->probe.ownership.load(std::memory_order_acquire) == cell::Ownership::kOwner;
  });
}

}  // namespace doorbuster::sale
