#include "sale/api/calls.h"
#include "sale/api/refusals.h"
#include "sale/api/render.h"
#include "sale/api/request_parts.h"

namespace doorbuster::sale {

void list_orders(Desk& desk, const Call& call) {
  const Listing* listing = sale_for_report(desk, call);
  if (listing == nullptr) return;
  const auto offset = number_in_query(call, "offset", 0, UINT32_MAX);
  const auto limit = offset ? number_in_query(call, "limit", 100, kPageMax) : std::nullopt;
  if (!limit) return;
  const SaleNumber sale = listing->number;
  const auto [page, total] = desk.shared().views.look(sale, [&](const SaleViews& views) {
    return std::pair(views.orders.page(sale, *offset, *limit), views.orders.count(sale));
  });
  std::string& body = call.exchange.scratch();
  JsonWriter json(body);
  json.begin_object().member("total", total).member("offset", *offset).key("orders").begin_array();
  for (const Order& order : page) write_order_line(json, desk.shared().ids, order);
  json.end_array().end_object();
  respond_json(desk, call.exchange, {}, net::Status::kOk, body);
}

void show_audit(Desk& desk, const Call& call) {
  const Listing* listing = sale_for_report(desk, call);
  if (listing == nullptr) return;
  const auto lines = desk.shared().views.look(
      listing->number, [&](const SaleViews& views) { return views.audit.lines(listing->number); });
  std::string& body = call.exchange.scratch();
  JsonWriter json(body);
  json.begin_object().key("lines").begin_array();
  for (const AuditLine& line : lines) write_audit_line(json, desk.shared().ids, listing->number, line);
  json.end_array().end_object();
  respond_json(desk, call.exchange, {}, net::Status::kOk, body);
}

}  // namespace doorbuster::sale
