#include <algorithm>

#include "sale/api/calls.h"
#include "sale/api/render.h"
#include "sale/api/report_reader.h"

namespace doorbuster::sale {

void list_orders(const Call& call, RequestReader& reader, const AllViews& views, const auth::IdSealer& ids) {
  const Listing* listing = sale_for_report(call, reader, views);
  if (listing == nullptr) return;
  const auto offset = platform::number_in_query(call, "offset", 0, UINT32_MAX);
  const auto limit = offset ? platform::number_in_query(call, "limit", 100, platform::kPageMax) : std::nullopt;
  if (!limit) return;
  const SaleNumber sale = listing->number;
  const auto [page, total] = views.look(sale, [&](const SaleViews& known) {
    return std::pair(known.orders.page(sale, *offset, *limit), known.orders.count(sale));
  });
  std::string& body = call.exchange.scratch();
  JsonWriter json(body);
  json.begin_object().member("total", total).member("offset", *offset).key("orders").begin_array();
  for (const Order& order : page) write_order_line(json, ids, order);
  json.end_array().end_object();
  platform::respond_json(call.exchange, net::Status::kOk, body);
}

// Cell by cell: they have no order of their own together.
void list_archived_sales(const Call& call, RequestReader& reader, const AllViews& views) {
  if (!reader.operator_of(call)) return;
  const auto offset = platform::number_in_query(call, "offset", 0, UINT32_MAX);
  const auto limit = offset ? platform::number_in_query(call, "limit", 100, platform::kPageMax) : std::nullopt;
  if (!limit) return;
  size_t total = 0;
  std::vector<ArchiveMark> page;
  for (uint32_t cell = 0; cell < views.cells(); ++cell) {
    const ArchivedSales& archived = views.of(CellId(cell)).archived();
    const auto more = archived.page(*offset - std::min<size_t>(*offset, total), *limit - page.size());
    page.insert(page.end(), more.begin(), more.end());
    total += archived.count();
  }
  std::string& body = call.exchange.scratch();
  JsonWriter json(body);
  json.begin_object().member("total", total).member("offset", *offset).key("sales").begin_array();
  for (const ArchiveMark& sale : page) {
    json.begin_object().member("id", sale.id).member("archived_at", sale.at).end_object();
  }
  json.end_array().end_object();
  platform::respond_json(call.exchange, net::Status::kOk, body);
}

void show_audit(const Call& call, RequestReader& reader, const AllViews& views, const auth::IdSealer& ids) {
  const Listing* listing = sale_for_report(call, reader, views);
  if (listing == nullptr) return;
  const auto lines =
      views.look(listing->number, [&](const SaleViews& known) { return known.audit.lines(listing->number); });
  std::string& body = call.exchange.scratch();
  JsonWriter json(body);
  json.begin_object().key("lines").begin_array();
  for (const AuditLine& line : lines) write_audit_line(json, ids, listing->number, line);
  json.end_array().end_object();
  platform::respond_json(call.exchange, net::Status::kOk, body);
}

}  // namespace doorbuster::sale
