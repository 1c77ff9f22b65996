// What a sale came to: for operators at any time, for whoever has the link once the sale is over.
#include <cmath>

#include "sale/api/calls.h"
#include "sale/api/cohort_report.h"
#include "sale/api/render.h"
#include "sale/api/report_reader.h"

namespace doorbuster::sale {
namespace {

std::optional<double> seconds_between(Timestamp from, Timestamp to) {
  if (from == Timestamp() || to == Timestamp()) return std::nullopt;
  return static_cast<double>((to - from).micros()) / 1e6;
}

double rounded(double value, double per_unit) { return std::round(value * per_unit) / per_unit; }

std::optional<double> share_of(uint64_t part, uint64_t all) {
  const auto share = ratio(part, all);
  return share ? std::optional(rounded(*share, 1e4)) : std::nullopt;
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

void write_seconds(JsonWriter& json, JsonKey name, const std::vector<uint32_t>& seconds) {
  json.key(name).begin_array();
  for (const uint32_t count : seconds) json.value(count);
  json.end_array();
}

void write_velocity(JsonWriter& json, JsonKey name, const SaleReport& report, const Velocity& velocity) {
  const auto seconds = seconds_between(report.opened_at, velocity.last_at);
  // Within the first second it is as if it had been a second.
  const auto overall =
      seconds ? std::optional(static_cast<double>(velocity.units) / std::max(1.0, *seconds)) : std::nullopt;
  json.key(name).begin_object().member("units", velocity.units).member("best_second", velocity.best_second);
  json.member("per_second", overall ? std::optional(rounded(*overall, 1e3)) : std::nullopt);
  json.member("seconds", seconds).end_object();
}

// Visits are not for sale, so a safety net has no conversion.
void write_conversion(JsonWriter& json, const Settings& settings, const SaleReport& report, uint64_t sold) {
  const uint64_t for_sale = settings.queue == QueueKind::kPass ? 0 : report.holds;
  json.member("conversion", ratio(sold, for_sale));
  json.key("funnel").begin_object();
  json.member("entries", report.joined).member("offers", report.offers).member("holds", report.holds);
  json.member("sold", report.payments_succeeded);
  json.member("offered_of_entries", share_of(report.offers, report.joined));
  json.member("held_of_offers", share_of(report.claims, report.offers));
  json.member("sold_of_holds", share_of(report.payments_succeeded, for_sale)).end_object();
  json.key("no_shows").begin_object().member("offers_lapsed", share_of(report.offers_lapsed, report.offers));
  json.member("holds_expired", share_of(report.holds_expired, report.holds)).end_object();
}

void write_deciles(JsonWriter& json, const SaleFairness& fairness) {
  const auto even = evenness_of(fairness);
  json.key("by_arrival");
  if (!even) {
    json.value(nullptr).member("jain_index", nullptr).member("jain_index_by_chance", nullptr);
    return;
  }
  json.begin_array();
  for (size_t i = 0; i < kDeciles; ++i) {
    const Cohort& decile = fairness.by_arrival[i];
    json.begin_object().member("entries", decile.entries).member("gone", decile.gone).member("offered", decile.offered);
    json.member("sold", decile.sold).member("offered_of_stayed", rounded(even->shares[i], 1e4)).end_object();
  }
  json.end_array().member("jain_index", rounded(even->jain, 1e4));
  json.member("jain_index_by_chance", rounded(even->jain_by_chance, 1e4));
}

void write_uniformity(JsonWriter& json, const std::optional<Uniformity>& found) {
  json.key("uniformity");
  if (!found) {
    json.value(nullptr);
    return;
  }
  json.begin_object().member("entries", found->entries).member("tested", found->tested).member("bins", found->bins);
  json.member("chi_square", rounded(found->chi_square, 1e4)).member("degrees_of_freedom", found->degrees);
  json.member("p_value", rounded(found->p, 1e6)).end_object();
}

// All that the views know of a sale, at one moment.
struct Known {
  SaleReport report;
  SaleFairness fairness;
  SaleCohorts cohorts;
  FlowCounts counts;
  std::shared_ptr<const DrawPermutation> drawn;
};

Known known_of(SaleNumber sale, const AllViews& views) {
  return views.look(sale, [&](const SaleViews& known) {
    return Known{known.reports.of(sale), known.fairness.of(sale), known.cohorts.of(sale), known.flow.of(sale).now,
                 known.draws.permutation(sale)};
  });
}

void write_fairness(JsonWriter& json, const Known& known, const std::optional<Uniformity>& uniformity) {
  json.key("fairness").begin_object();
  json.member("offers_in_order", known.fairness.discordant == 0);
  json.member("kendall_tau", known.fairness.kendall_tau);
  write_uniformity(json, uniformity);
  write_deciles(json, known.fairness);
  write_cohorts(json, known.cohorts);
  json.end_object();
}

// By the log alone, not by what the machine says of itself.
void write_invariants(JsonWriter& json, const Known& known, const PublicStatus& status) {
  const uint64_t units = uint64_t{status.available} + status.offered + status.held + status.paying + status.sold;
  const SaleReport& report = known.report;
  const uint64_t ended = report.holds_released + report.holds_expired + report.payments_succeeded;
  const bool holds_end_once = report.holds == ended + known.counts.held + known.counts.paying;
  const bool in_order = known.fairness.discordant == 0;
  const bool add_up = units == status.units;
  json.member("units_accounted_for", units).member("invariants_hold", add_up && holds_end_once && in_order);
  json.key("invariants").begin_object().member("units_add_up", add_up).member("holds_end_once", holds_end_once);
  json.member("offers_in_order", in_order).end_object();
}

}  // namespace

void show_report(const Call& call, RequestReader& reader, const ReportTokens& tokens, const AllViews& views,
                 Uniformities& uniformities) {
  const auto asked = reader_of_report(call, reader, tokens, views);
  if (!asked) return;
  const Listing& listing = asked->listing;
  const Known known = known_of(listing.number, views);
  const auto uniformity = known.drawn ? uniformities.of(listing.number, *known.drawn) : std::nullopt;
  const PublicStatus status = listing.status();
  const SaleReport& report = known.report;
  std::string& body = call.exchange.scratch();
  JsonWriter json(body);
  json.begin_object().key("sale");
  write_sale(json, listing, status);
  json.member("is_over", is_over(status));
  json.member("opened_at", unless_zero(report.opened_at)).member("closed_at", unless_zero(report.closed_at));
  write_counts(json, report);
  json.member("seconds_to_all_held", seconds_between(report.opened_at, status.all_held_at));
  json.member("seconds_to_all_sold", seconds_between(report.opened_at, status.all_sold_at));
  json.key("velocity").begin_object();
  write_velocity(json, "held", report, report.held);
  write_velocity(json, "sold", report, report.sold);
  json.end_object();
  write_conversion(json, listing.settings, report, status.sold);
  write_fairness(json, known, uniformity);
  write_invariants(json, known, status);
  write_seconds(json, "held_in_second", report.held_in_second);
  write_seconds(json, "sold_in_second", report.sold_in_second);
  if (asked->is_operator)
    json.member("share_url", "/reports/" + listing.settings.id + "?share=" + tokens.issue(listing.number));
  json.end_object();
  platform::respond_json(call.exchange, net::Status::kOk, body);
}

}  // namespace doorbuster::sale
