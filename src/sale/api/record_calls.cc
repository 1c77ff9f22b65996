#include <algorithm>

#include "sale/api/calls.h"
#include "sale/api/order_filter.h"
#include "sale/api/render.h"
#include "sale/api/report_reader.h"

namespace doorbuster::sale {

void list_orders(const Call& call, RequestReader& reader, const AllViews& views, const auth::IdSealer& ids) {
  const Listing* listing = sale_for_report(call, reader, views);
  if (listing == nullptr) return;
  const auto asked = platform::page_asked(call);
  if (!asked) return;
  const auto filter = order_filter_of(call);
  if (!filter) return;
  const SaleNumber sale = listing->number;
  const OrderPage page = views.look(
      sale, [&](const SaleViews& known) { return known.orders.page(sale, *filter, asked->offset, asked->limit); });
  std::string& body = call.exchange.scratch();
  JsonWriter json(body);
  json.begin_object().member("total", page.total).member("offset", asked->offset).key("orders").begin_array();
  for (const Order& order : page.orders) {
    if (body.size() > platform::kPageBytes) break;
    write_order_line(json, ids, order);
  }
  json.end_array().end_object();
  platform::respond_json(call.exchange, net::Status::kOk, body);
}

// Cell by cell: they have no order of their own together.
void list_archived_sales(const Call& call, RequestReader& reader, const AllViews& views) {
  if (!reader.operator_of(call)) return;
  const auto asked = platform::page_asked(call);
  if (!asked) return;
  size_t total = 0;
  std::vector<ArchiveMark> page;
  for (uint32_t cell = 0; cell < views.cells(); ++cell) {
    const ArchivedSales& archived = views.of(CellId(cell)).archived();
    const auto more = archived.page(asked->offset - std::min(asked->offset, total), asked->limit - page.size());
    page.insert(page.end(), more.begin(), more.end());
    total += archived.count();
  }
  std::string& body = call.exchange.scratch();
  JsonWriter json(body);
  json.begin_object().member("total", total).member("offset", asked->offset).key("sales").begin_array();
  for (const ArchiveMark& sale : page) {
    json.begin_object().member("id", sale.id).member("archived_at", sale.at).end_object();
  }
  json.end_array().end_object();
  platform::respond_json(call.exchange, net::Status::kOk, body);
}

void show_audit(const Call& call, RequestReader& reader, const AllViews& views, const auth::IdSealer& ids) {
  const Listing* listing = sale_for_report(call, reader, views);
  if (listing == nullptr) return;
  const auto asked = platform::page_asked(call);
  if (!asked) return;
  const auto [lines, total] = views.look(listing->number, [&](const SaleViews& known) {
    const std::span<const AuditLine> all = known.audit.lines(listing->number);
    const auto page = all.subspan(std::min(asked->offset, all.size()));
    return std::pair(std::vector(page.begin(), page.begin() + std::min(asked->limit, page.size())), all.size());
  });
  std::string& body = call.exchange.scratch();
  JsonWriter json(body);
  json.begin_object().member("total", total).member("offset", asked->offset).key("lines").begin_array();
  for (const AuditLine& line : lines) {
    if (body.size() > platform::kPageBytes) break;
    write_audit_line(json, ids, listing->number, line);
  }
  json.end_array().end_object();
  platform::respond_json(call.exchange, net::Status::kOk, body);
}

}  // namespace doorbuster::sale
