// What an operator watches while a sale runs.
#include <span>

#include "sale/api/calls.h"
#include "sale/api/render.h"
#include "sale/api/request_parts.h"

namespace doorbuster::sale {
namespace {

// Both parts of a sale, one behind the other. Where the first stretch from the opening on began before it, it counts.
std::vector<FlowPoint> points_of(const SaleFlow& flow) {
  std::vector<FlowPoint> points = flow.before.points();
  const auto& rest = flow.from_opening.points();
  while (!points.empty() && !rest.empty() && points.back().second >= rest.front().second) points.pop_back();
  points.insert(points.end(), rest.begin(), rest.end());
  return points;
}

Timestamp at_second(int64_t second) { return Timestamp() + Duration::seconds(second); }

void write_columns(JsonWriter& json, std::span<const FlowPoint> points) {
  const int64_t begin = points.empty() ? 0 : points.front().second;
  json.member("begins_at", at_second(begin)).key("seconds").begin_array();
  for (const FlowPoint& point : points) json.value(point.second - begin);
  json.end_array();
  for (const FlowColumn& column : kFlowColumns) {
    json.key(column.name).begin_array();
    for (const FlowPoint& point : points) json.value(point.counts.*column.count);
    json.end_array();
  }
}

}  // namespace

void show_flow(Desk& desk, const Call& call) {
  const auto reader = reader_of_report(desk, call);
  if (!reader) return;
  const Listing* listing = reader->listing;
  const Shared& shared = desk.shared();
  const SaleFlow flow = shared.follower.look([&] { return shared.flow.of(listing->number); });
  const std::vector<FlowPoint> points = points_of(flow);
  std::string& body = call.exchange.scratch();
  JsonWriter json(body);
  json.begin_object().member("sale", listing->settings.id);
  json.member("opened_at", flow.opened_at == Timestamp() ? std::nullopt : std::optional(flow.opened_at));
  json.member("stretch_seconds", flow.from_opening.stretch_seconds());
  write_columns(json, points);
  json.end_object();
  respond_json(desk, call.exchange, {}, net::Status::kOk, body);
}

}  // namespace doorbuster::sale
