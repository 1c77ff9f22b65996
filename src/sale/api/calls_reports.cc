#include <charconv>

#include "sale/api/calls.h"
#include "sale/api/refusals.h"
#include "sale/api/render.h"
#include "sale/api/request_parts.h"

namespace doorbuster::sale {
namespace {

constexpr size_t kPageMax = 1'000;

// A number in the query, or the fallback; nothing, and an answer, if it is not one.
std::optional<size_t> number_in_query(const Call& call, std::string_view name, size_t fallback, size_t most) {
  const auto text = call.request.query_parameter(name);
  if (!text) return fallback;
  size_t number = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
  if (error == std::errc() && end == text->data() + text->size() && number <= most) return number;
  respond_invalid(call.exchange, call.request.path(),
                  std::string(name) + " has to be a whole number up to " + std::to_string(most));
  return std::nullopt;
}

void respond_report(Desk& desk, const Call& call, std::string_view body) {
  respond_json(desk, call.exchange, {}, net::Status::kOk, body);
}

std::optional<double> seconds_between(Timestamp from, Timestamp to) {
  if (from == Timestamp() || to == Timestamp()) return std::nullopt;
  return static_cast<double>((to - from).micros()) / 1e6;
}

void write_counts(JsonWriter& json, const SaleReport& report) {
  json.member("joined", report.joined).member("left", report.left).member("removed", report.removed);
  json.member("offers", report.offers).member("offers_lapsed", report.offers_lapsed);
  json.member("holds", report.holds)
      .member("holds_released", report.holds_released)
      .member("holds_expired", report.holds_expired);
  json.member("payments_started", report.payments_started).member("payments_succeeded", report.payments_succeeded);
  json.member("payments_failed", report.payments_failed).member("payments_late", report.payments_late);
  json.member("refunds_done", report.refunds_done);
}

void write_seconds(JsonWriter& json, std::string_view name, const std::vector<uint32_t>& seconds) {
  json.key(name).begin_array();
  for (const uint32_t count : seconds) json.value(count);
  json.end_array();
}

}  // namespace

void show_report(Desk& desk, const Call& call) {
  const Listing* listing = sale_for_report(desk, call);
  if (listing == nullptr) return;
  const SaleReport report = desk.shared().follower.look([&] { return desk.shared().reports.of(listing->number); });
  const PublicStatus status = desk.shared().board.read(listing->number).status;
  std::string& body = call.exchange.scratch();
  JsonWriter json(body);
  json.begin_object().key("sale");
  write_sale(json, *listing, status);
  write_counts(json, report);
  json.member("seconds_to_all_held", seconds_between(report.opened_at, status.all_held_at));
  json.member("seconds_to_all_sold", seconds_between(report.opened_at, status.all_sold_at));
  const double holds = static_cast<double>(report.holds);
  json.member("conversion", report.holds == 0 ? std::nullopt : std::optional(static_cast<double>(status.sold) / holds));
  const uint64_t units = uint64_t{status.available} + status.offered + status.held + status.paying + status.sold;
  json.member("units_accounted_for", units).member("invariants_hold", units == status.units);
  write_seconds(json, "held_in_second", report.held_in_second);
  write_seconds(json, "sold_in_second", report.sold_in_second);
  json.end_object();
  respond_report(desk, call, body);
}

void list_orders(Desk& desk, const Call& call) {
  const Listing* listing = sale_for_report(desk, call);
  if (listing == nullptr) return;
  const auto offset = number_in_query(call, "offset", 0, UINT32_MAX);
  const auto limit = offset ? number_in_query(call, "limit", 100, kPageMax) : std::nullopt;
  if (!limit) return;
  const Orders& orders = desk.shared().orders;
  const auto [page, total] = desk.shared().follower.look(
      [&] { return std::pair(orders.page(listing->number, *offset, *limit), orders.count(listing->number)); });
  std::string& body = call.exchange.scratch();
  JsonWriter json(body);
  json.begin_object().member("total", total).member("offset", *offset).key("orders").begin_array();
  for (const Order& order : page) write_order_line(json, desk.shared().ids, order);
  json.end_array().end_object();
  respond_report(desk, call, body);
}

void show_audit(Desk& desk, const Call& call) {
  const Listing* listing = sale_for_report(desk, call);
  if (listing == nullptr) return;
  const auto lines = desk.shared().follower.look([&] { return desk.shared().audit.lines(listing->number); });
  std::string& body = call.exchange.scratch();
  JsonWriter json(body);
  json.begin_object().key("lines").begin_array();
  for (const AuditLine& line : lines) write_audit_line(json, desk.shared().ids, listing->number, line);
  json.end_array().end_object();
  respond_report(desk, call, body);
}

}  // namespace doorbuster::sale
