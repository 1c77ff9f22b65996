#include "sale/metrics.h"

#include <array>

#include "cell/cell_metrics.h"
#include "sale/api/refusals.h"

namespace doorbuster::sale {
namespace {

struct Part {
  std::string_view state;
  uint32_t PublicStatus::* count;
};
constexpr std::array kParts = {Part{"available", &PublicStatus::available}, Part{"offered", &PublicStatus::offered},
                               Part{"held", &PublicStatus::held}, Part{"paying", &PublicStatus::paying},
                               Part{"sold", &PublicStatus::sold}};

// Calls look(listing, status) for each sale that is not archived.
template <class Look>
void for_each_sale(const Engine& sales, const Look& look) {
  const auto page = sales.directory().page();
  page->for_each([&](const Listing& listing) { look(listing, listing.status()); });
}

// Sales whose published numbers break the first invariant: has to be 0.
uint64_t sales_with_wrong_sums(const Engine& sales) {
  uint64_t wrong = 0;
  for_each_sale(sales, [&](const Listing&, const PublicStatus& status) {
    uint64_t units = 0;
    for (const Part& part : kParts) units += status.*part.count;
    wrong += units != status.units ? 1 : 0;
  });
  return wrong;
}

// Open, and nobody gets a place before somebody has given them the value that is public by now.
double sales_waiting_for_beacon(const Engine& sales) {
  double waiting = 0;
  const Timestamp now = sales.context().clock.now();
  for_each_sale(sales, [&](const Listing& listing, const PublicStatus& status) {
    if (!listing.beacon || !listing.beacon->is_public(now)) return;
    if (status.is_draw_closed && !status.is_drawn && status.state != SaleState::kClosed) waiting += 1;
  });
  return waiting;
}

void tell_units(const Engine& sales, ops::Series& series) {
  for_each_sale(sales, [&](const Listing& listing, const PublicStatus& status) {
    for (const Part& part : kParts) {
      series.add({{"sale", listing.settings.id}, {"state", part.state}}, uint64_t{status.*part.count});
    }
  });
}

void tell_waiting(const Engine& sales, ops::Series& series) {
  for_each_sale(sales, [&](const Listing& listing, const PublicStatus& status) {
    series.add({{"sale", listing.settings.id}}, uint64_t{status.waiting});
  });
}

// A series for each reason that there was.
void tell_refusals(const Engine& sales, ops::Series& series) {
  for_each_sale(sales, [&](const Listing& listing, const PublicStatus&) {
    for_each_refusal(sales.context().refusals.of(listing), [&](std::string_view type, uint64_t count) {
      series.add({{"sale", listing.settings.id}, {"type", type}}, count);
    });
  });
}

struct MeteredTable {
  std::string_view name;
  Usage Usages::* used;
  uint64_t (*limit)(const Capacity&);
};
constexpr std::array kTables = {
    MeteredTable{"holds", &Usages::holds, [](const Capacity& all) -> uint64_t { return all.holds; }},
    MeteredTable{"entries", &Usages::entries, [](const Capacity& all) -> uint64_t { return all.entries; }},
    MeteredTable{"annotation_bytes", &Usages::attached, [](const Capacity& all) { return all.annotation_bytes; }}};

// Calls look(cell's number as a label, cell) for each.
template <class Look>
void for_each_cell(const Engine& sales, const Look& look) {
  for (uint32_t cell = 0; cell < sales.cells(); ++cell) look(std::to_string(cell), CellId(cell));
}

void tell_tables(const Engine& sales, ops::Series& series) {
  for_each_cell(sales, [&](const std::string& label, CellId cell) {
    const Usages used = sales.used(cell);
    for (const MeteredTable& table : kTables) {
      const Usage& of_table = used.*table.used;
      series.add({{"cell", label}, {"table", table.name}, {"customers", "guests"}}, of_table.guests);
      series.add({{"cell", label}, {"table", table.name}, {"customers", "with_token"}}, of_table.all - of_table.guests);
    }
  });
}

void tell_limits(const Engine& sales, ops::Series& series) {
  for_each_cell(sales, [&](const std::string& label, CellId) {
    for (const MeteredTable& table : kTables)
      series.add({{"cell", label}, {"table", table.name}}, table.limit(sales.capacity()));
  });
}

void register_tables(ops::Metrics& metrics, const Engine& sales) {
  metrics.gauges("doorbuster_table_used",
                 "What is used of a cell's tables: records of holds and entries, bytes of what is attached to them.",
                 [&sales](ops::Series& series) { tell_tables(sales, series); });
  metrics.gauges("doorbuster_table_limit", "What may be used of a cell's tables, in the same units.",
                 [&sales](ops::Series& series) { tell_limits(sales, series); });
}

void register_sales(ops::Metrics& metrics, const Engine& sales) {
  metrics.gauges("doorbuster_sale_units", "Units of a sale by state; they add up to all of them.",
                 [&sales](ops::Series& series) { tell_units(sales, series); });
  metrics.gauges("doorbuster_sale_waiting", "Entries that wait in a sale's queue.",
                 [&sales](ops::Series& series) { tell_waiting(sales, series); });
  metrics.counters("doorbuster_sale_refusals_total",
                   "Requests that a sale said no to since the server's start, by the type of "
                   "the problem.",
                   [&sales](ops::Series& series) { tell_refusals(sales, series); });
  metrics.gauge("doorbuster_sales_waiting_for_beacon",
                "Sales whose draw waits for the value of a beacon's round that is public by now: somebody has to give "
                "it.",
                [&sales] { return sales_waiting_for_beacon(sales); });
  metrics.gauges("doorbuster_invariant_violations",
                 "Sales whose published numbers do not add up. Has to be 0: "
                 "anything else is a defect, stop selling.",
                 [&sales](ops::Series& series) { series.add({{"invariant", "units"}}, sales_with_wrong_sums(sales)); });
}

}  // namespace

void register_metrics(ops::Metrics& metrics, const Engine& sales, const PaymentOutboxes& payments) {
  register_sales(metrics, sales);
  register_tables(metrics, sales);
  for_each_cell(sales,
                [&](const std::string&, CellId cell) { cell::register_metrics(metrics, cell, sales.probe(cell)); });
  metrics.gauges("doorbuster_views_sequence", "The last event of a cell that reports, orders and audit have heard.",
                 [&sales](ops::Series& series) {
                   for_each_cell(sales, [&](const std::string& label, CellId cell) {
                     series.add({{"cell", label}}, sales.context().views.of(cell).position().value());
                   });
                 });
  metrics.gauge("doorbuster_payments_open", "Payments of which no result is known yet.",
                [&payments] { return static_cast<double>(payments.backlog().payments_open); });
  metrics.gauge("doorbuster_refunds_due", "Refunds that the provider has not confirmed yet.",
                [&payments] { return static_cast<double>(payments.backlog().refunds_due); });
  metrics.counter(
      "doorbuster_payments_unexpected_total",
      "Payments since the start whose money bought nothing but goes back: another amount, a second payment, "
      "or for what is over long ago.",
      [&payments] { return static_cast<double>(payments.backlog().unexpected); });
}

}  // namespace doorbuster::sale
