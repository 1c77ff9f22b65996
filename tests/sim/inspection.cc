#include "sim/inspection.h"

#include <algorithm>
#include <set>

#include "platform/views/memory_store.h"
#include "sim/server_keys.h"

namespace doorbuster::sim {
namespace {

std::vector<std::byte> bytes_of(const sale::Machine& machine) {
  std::vector<std::byte> bytes;
  machine.save(bytes);
  return bytes;
}

}  // namespace

void inspect_replay_of(Site& site, LogReading& reading, const sale::Machine& machine) {
  reading.read();
  if (site.promises.broken()) return;
  const auto live = bytes_of(machine);
  if (reading.log_alone() != live) return site.promises.breaks("the log alone gives another state than the server has");
  if (reading.snapshot_and_log() != live)
    site.promises.breaks("snapshot and log give another state than the server has");
}

void inspect_replay(Site& site, LogReadings& readings, const Server& server) {
  for (const CellId cell : server.cells()) inspect_replay_of(site, readings.of(cell), server.machine(cell));
}

void inspect_logs(Site& site, LogReadings& readings) {
  std::set<std::string> created;
  for (uint32_t cell = 0; cell < site.cells(); ++cell) {
    LogReading& reading = readings.of(CellId(cell));
    reading.read();
    for (const std::string& id : reading.books().plain.created()) {
      if (!created.insert(id).second) site.promises.breaks("sale " + id + " was created twice");
    }
  }
}

void inspect_lines(LogReadings& readings, const Server& server) {
  for (const CellId cell : server.cells()) {
    LogReading& reading = readings.of(cell);
    reading.read();
    reading.books().line.compare(server.machine(cell).state());
    reading.books().quota.compare(server.machine(cell).state());
  }
}

// All that the views know, as they would save it.
std::vector<std::byte> known_to(const sale::Views& views) {
  platform::MemoryStore store;
  const auto writer = store.write("views");
  ASSERT(views.save(**writer).has_value() && (*writer)->commit().has_value());
  std::vector<std::byte> known;
  for (const auto& part : store.states()["views"]) known.insert(known.end(), part.begin(), part.end());
  return known;
}

// Whatever was saved, taken up again and heard since, the views know what they would know if they had heard everything.
void inspect_views_of(Site& site, CellId cell, const sale::Views& followed) {
  log::MemoryLog log(site.disk);
  sale::Views views(log, cell, sale::sealed_entry_name(ServerKeys::get().ids()), {},
                    {.on_trouble = [](const std::string&) {}});
  views.follower().note_durable(cell, Sequence(UINT64_MAX));
  for (Sequence before(UINT64_MAX); before != views.position();) {
    before = views.position();
    views.follower().turn();
  }
  // Behind its views the server's outbox is saved.
  const std::vector<std::byte> anew = known_to(views);
  const std::vector<std::byte> kept = known_to(followed);
  if (anew.size() > kept.size() || !std::equal(anew.begin(), anew.end(), kept.begin())) {
    site.promises.breaks("the views know something else than when they are built anew");
  }
}

void inspect_views(Site& site, const Server& server) {
  for (const CellId cell : server.cells()) inspect_views_of(site, cell, server.views(cell));
}

void inspect_money(Site& site, const CellStates& states, const Bank& bank) {
  uint32_t bought = 0;
  for (const auto& [order, payment] : bank.books()) {
    const PaymentOf what = payment_of(order);
    const sale::Hold* hold = states.find(what.hold);
    const bool has_unit = hold != nullptr && hold->sold_by_attempt == what.attempt;
    bought += has_unit;
    const bool bought_by_second = payment.is_paid_twice && payment.refunds_of_second.empty();
    const int taken = int{payment.taken} + int{payment.is_paid_twice};
    const int returned = int{!payment.refunds.empty()} + int{!payment.refunds_of_second.empty()};
    if (has_unit && taken == 0) site.promises.breaks("a unit was sold for which no money was taken: " + order);
    if (has_unit && payment.paid != payment.price && !bought_by_second) {
      site.promises.breaks("a unit was sold for another amount: " + order);
    }
    if (has_unit && taken > 0 && returned >= taken) {
      site.promises.breaks("money was refunded, and the unit is sold: " + order);
    }
    if (returned + int{has_unit} < taken) {
      site.promises.breaks("money was taken for nothing and not refunded: " + order);
    }
    if (payment.refunds.size() > 1 || payment.refunds_of_second.size() > 1)
      site.promises.breaks("money was refunded twice: " + order);
  }
  uint32_t sold = 0;
  states.for_each_sale([&](sale::SaleNumber, const sale::Sale& sale) { sold += sale.sold; });
  if (bought != sold) site.promises.breaks("units were sold that the bank knows nothing of");
}

void inspect_rest(Site& site, Server& server) {
  const auto page = server.directory().page();
  server.states().for_each_sale([&](sale::SaleNumber number, const sale::Sale& sale) {
    const CellId cell = sale::cell_of(number);
    const std::string name = "at the quiet end sale " + std::to_string(number.value());
    if (sale.held + sale.paying + sale.offered > 0) site.promises.breaks(name + " still has units in between");
    if (sale.refunds_due > 0) site.promises.breaks(name + " still owes a refund");
    if (sale.available + sale.sold != sale.settings.units) site.promises.breaks(name + " has lost count of its units");
    const sale::Listing* listing = page->find(number);
    if (listing == nullptr || listing->status() != server.machine(cell).state().status_of(number)) {
      site.promises.breaks(name + " shows other numbers than it has");
    }
    const auto paid = server.views(cell).look(
        number, [&](const sale::SaleViews& views) { return views.reports.of(number).payments_succeeded; });
    if (paid != sale.sold) {
      site.promises.breaks(name + " reports other sales than it made");
    }
  });
  const auto backlog = server.outboxes().backlog();
  if (backlog.payments_open + backlog.refunds_due > 0) {
    site.promises.breaks("at the quiet end " + std::to_string(backlog.payments_open) + " payments and " +
                         std::to_string(backlog.refunds_due) + " refunds are still open");
  }
}

}  // namespace doorbuster::sim
