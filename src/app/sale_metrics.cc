#include "app/sale_metrics.h"

#include <array>

#include "sale/api/refusals.h"

namespace doorbuster::app {
namespace {

// Sales whose published numbers break the first invariant: has to be 0.
double sales_with_wrong_sums(const sale::Service& sales) {
  int wrong = 0;
  const auto page = sales.directory().page();
  for (const auto& listing : page->by_number) {
    const sale::PublicStatus status = sales.board().read(listing->number).status;
    const uint64_t units = uint64_t{status.available} + status.offered + status.held + status.paying + status.sold;
    wrong += units != status.units;
  }
  return wrong;
}

// Open, and nobody gets a place before somebody has given them the value that is public by now.
double sales_waiting_for_beacon(const sale::Service& sales) {
  int waiting = 0;
  const Timestamp now = sales.shared().clock.now();
  const auto page = sales.directory().page();
  for (const auto& listing : page->by_number) {
    if (!listing->beacon || !listing->beacon->is_public(now)) continue;
    const sale::PublicStatus status = sales.board().read(listing->number).status;
    waiting += status.is_draw_closed && !status.is_drawn && status.state != sale::SaleState::kClosed;
  }
  return waiting;
}

// A line for each reason that there was.
void add_refusals(std::string& text, const std::string& label, const sale::OutcomeCounts& counts) {
  sale::for_each_refusal(counts, [&](std::string_view type, uint64_t count) {
    text.append("doorbuster_sale_refusals_total").append(label).append(",type=\"");
    text.append(type).append("\"} ").append(std::to_string(count) + "\n");
  });
}

uint64_t sum_over_reactors(const net::Server& server, net::Counter net::ReactorMetrics::* counter) {
  uint64_t sum = 0;
  for (size_t i = 0; i < server.reactors(); ++i) sum += (server.metrics(i).*counter).value();
  return sum;
}

void observe_counter(ops::Metrics& metrics, const net::Server& server, const std::string& listener, const char* name,
                     const char* help, net::Counter net::ReactorMetrics::* counter) {
  metrics.observed(name, help, [&server, counter] { return static_cast<double>(sum_over_reactors(server, counter)); },
                   {{"listener", listener}});
}

}  // namespace

void observe_sales(ops::Metrics& metrics, const sale::Service& sales, const sale::PaymentOutbox& payments) {
  const cell::CellProbe& probe = sales.probe();
  const auto observe = [&](const char* name, const char* help, const std::atomic<uint64_t>& value) {
    metrics.observed(name, help, [&value] { return static_cast<double>(value.load(std::memory_order_relaxed)); });
  };
  observe("doorbuster_cell_durable_sequence", "The last event that is durable.", probe.durable_tail);
  observe("doorbuster_cell_batches_total", "Batches made durable.", probe.batches);
  observe("doorbuster_cell_events_total", "Events made durable.", probe.events);
  observe("doorbuster_cell_snapshots_total", "Snapshots saved.", probe.snapshots);
  observe("doorbuster_cell_recoveries_total", "Times the log was replayed while the server ran.", probe.recoveries);
  metrics.observed("doorbuster_cell_append_seconds_total", "Time spent making batches durable.",
                   [&probe] { return static_cast<double>(probe.append_micros.load(std::memory_order_relaxed)) / 1e6; });
  metrics.observed("doorbuster_cell_is_owner", "1 while this server owns its log.",
                   [&sales] { return sales.is_owner() ? 1.0 : 0.0; });
  metrics.observed("doorbuster_views_sequence", "The last event that the views have heard.",
                   [&sales] { return static_cast<double>(sales.shared().follower.position().value()); });
  metrics.observed("doorbuster_payments_open", "Payments of which no result is known yet.",
                   [&payments] { return static_cast<double>(payments.backlog().payments_open); });
  metrics.observed("doorbuster_refunds_due", "Refunds that the provider has not confirmed yet.",
                   [&payments] { return static_cast<double>(payments.backlog().refunds_due); });
  metrics.observed("doorbuster_sales_waiting_for_beacon",
                   "Sales whose draw waits for the value of a beacon's round that is public by now.",
                   [&sales] { return sales_waiting_for_beacon(sales); });
  metrics.observed("doorbuster_invariant_violations", "Sales that break an invariant: has to be 0.",
                   [&sales] { return sales_with_wrong_sums(sales); }, {{"invariant", "units"}});
}

void observe_http(ops::Metrics& metrics, const net::Server& server, const std::string& listener) {
  using M = net::ReactorMetrics;
  const auto observe = [&](const char* name, const char* help, net::Counter M::* counter) {
    observe_counter(metrics, server, listener, name, help, counter);
  };
  observe("doorbuster_http_connections", "Open connections.", &M::connections_open);
  observe("doorbuster_http_connections_accepted_total", "Connections accepted.", &M::connections_accepted);
  observe("doorbuster_http_connections_refused_total", "Connections refused over a limit.", &M::connections_refused);
  observe("doorbuster_http_requests_total", "Requests answered.", &M::requests);
  observe("doorbuster_http_requests_refused_total", "Malformed, too large or too slow requests.", &M::requests_refused);
  observe("doorbuster_http_deferred_expired_total", "Answers that came too late: the client was told 503.",
          &M::deferred_expired);
  observe("doorbuster_http_received_bytes_total", "Bytes received.", &M::bytes_received);
  observe("doorbuster_http_sent_bytes_total", "Bytes sent.", &M::bytes_sent);
  for (size_t status = 1; status <= 5; ++status) {
    metrics.observed("doorbuster_http_responses_total", "Answers by class of status.",
                     [&server, status] {
                       uint64_t sum = 0;
                       for (size_t i = 0; i < server.reactors(); ++i) sum += server.metrics(i).statuses[status].value();
                       return static_cast<double>(sum);
                     },
                     {{"listener", listener}, {"class", std::to_string(status) + "xx"}});
  }
}

std::string sale_metrics_text(const sale::Service& sales) {
  struct Part {
    const char* state;
    uint32_t sale::PublicStatus::* count;
  };
  static constexpr std::array kParts = {
      Part{"available", &sale::PublicStatus::available}, Part{"offered", &sale::PublicStatus::offered},
      Part{"held", &sale::PublicStatus::held}, Part{"paying", &sale::PublicStatus::paying},
      Part{"sold", &sale::PublicStatus::sold}};
  std::string units =
      "# HELP doorbuster_sale_units Units of a sale by state; they add up to all of them.\n"
      "# TYPE doorbuster_sale_units gauge\n";
  std::string waiting =
      "# HELP doorbuster_sale_waiting Entries that wait in a sale's queue.\n# TYPE doorbuster_sale_waiting gauge\n";
  std::string refusals =
      "# HELP doorbuster_sale_refusals_total Requests that a sale said no to.\n"
      "# TYPE doorbuster_sale_refusals_total counter\n";
  const auto page = sales.directory().page();
  for (const auto& listing : page->by_number) {
    const sale::PublicStatus status = sales.board().read(listing->number).status;
    const std::string label = "{sale=\"" + listing->settings.id + "\"";
    for (const Part& part : kParts) {
      units += "doorbuster_sale_units" + label + ",state=\"" + part.state + "\"} " +
               std::to_string(status.*part.count) + "\n";
    }
    waiting += "doorbuster_sale_waiting" + label + "} " + std::to_string(status.waiting) + "\n";
    add_refusals(refusals, label, sales.shared().refusals.of(listing->number));
  }
  return units + waiting + refusals;
}

}  // namespace doorbuster::app
