// What an operator watches while a sale runs.
#include <span>
#include <tuple>

#include "sale/api/calls.h"
#include "sale/api/cohort_report.h"
#include "sale/api/refusals.h"
#include "sale/api/render.h"
#include "sale/api/report_reader.h"

namespace doorbuster::sale {
namespace {

void write_fairness_so_far(JsonWriter& json, const SaleFairness& fairness, const SaleCohorts& cohorts) {
  json.key("fairness").begin_object();
  json.member("offers_in_order", fairness.discordant == 0).member("kendall_tau", fairness.kendall_tau);
  write_cohorts(json, cohorts);
  json.end_object();
}

SaleFlow flow_of(const Listing& listing, const AllViews& views) {
  return views.look(listing.number, [&](const SaleViews& known) { return known.flow.of(listing.number); });
}

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
    json.dynamic_key(column.name).begin_array();
    for (const FlowPoint& point : points) json.value(point.counts.*column.count);
    json.end_array();
  }
}

void write_refusals(JsonWriter& json, const OutcomeCounts& counts) {
  json.key("refusals").begin_array();
  for_each_refusal(counts, [&json](std::string_view type, uint64_t count) {
    json.begin_object().member("type", type).member("count", count).end_object();
  });
  json.end_array();
}

void write_load(JsonWriter& json, const std::optional<HttpLoad>& load) {
  json.key("requests");
  if (!load) {
    json.value(nullptr);
    return;
  }
  const auto millis = [](uint64_t micros) { return static_cast<double>(micros) / 1e3; };
  json.begin_object().member("per_second", load->requests_per_second);
  json.member("p50_ms", millis(load->p50_micros)).member("p99_ms", millis(load->p99_micros)).end_object();
}

}  // namespace

// The sale's numbers are what is durable at this moment; the counts so far are as far as the views have heard.
void show_board(const Call& call, RequestReader& reader, const AllViews& views, const RefusalCounts& refusals,
                const SampleLoad& sample_load) {
  const Listing* listing = sale_for_report(call, reader, views);
  if (listing == nullptr) return;
  const PublicStatus status = listing->status();
  const auto [flow, fairness, cohorts] = views.look(listing->number, [&](const SaleViews& known) {
    const SaleNumber sale = listing->number;
    return std::tuple(known.flow.of(sale), known.fairness.of(sale), known.cohorts.of(sale));
  });
  std::string& body = call.exchange.scratch();
  JsonWriter json(body);
  json.begin_object().member("at", call.now).key("sale");
  write_sale(json, *listing, status);
  json.member("opened_at", unless_zero(flow.opened_at));
  for (const FlowColumn& column : kFlowSums) json.dynamic_key(column.name).value(flow.now.*column.count);
  json.member("offers_in_last_minute", flow.offers.count(call.now));
  json.member("holds_in_last_minute", flow.holds.count(call.now));
  json.member("conversion", ratio(status.sold, flow.now.holds));
  write_fairness_so_far(json, fairness, cohorts);
  write_refusals(json, refusals.of(*listing));
  write_load(json, sample_load ? std::optional(sample_load(call.now)) : std::nullopt);
  json.end_object();
  platform::respond_json(call.exchange, net::Status::kOk, body);
}

void show_flow(const Call& call, RequestReader& reader, const ReportTokens& tokens, const AllViews& views) {
  const auto asked = reader_of_report(call, reader, tokens, views);
  if (!asked) return;
  const SaleFlow flow = flow_of(asked->listing, views);
  const std::vector<FlowPoint> points = points_of(flow);
  std::string& body = call.exchange.scratch();
  JsonWriter json(body);
  json.begin_object().member("sale", asked->listing.settings.id);
  json.member("opened_at", unless_zero(flow.opened_at));
  json.member("stretch_seconds", flow.from_opening.stretch_seconds());
  write_columns(json, points);
  json.end_object();
  platform::respond_json(call.exchange, net::Status::kOk, body);
}

}  // namespace doorbuster::sale
