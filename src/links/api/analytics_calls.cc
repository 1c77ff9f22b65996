#include <algorithm>
#include <vector>

#include "links/api/link_calls.h"
#include "platform/api/problems.h"
#include "platform/api/request_parts.h"

namespace doorbuster::links {
namespace {

using platform::Call;

constexpr size_t kTopReferrers = 20;

// Days from `from` to `to`, both among them.
struct Span {
  Day from = INT32_MIN;
  Day to = INT32_MAX;
};

// Answers 400 and returns nothing for what are no days.
std::optional<Span> span_in(const Call& call) {
  Span span;
  for (const auto& [name, day] : {std::pair<std::string_view, Day*>{"from", &span.from}, {"to", &span.to}}) {
    const auto text = call.request.query_parameter(name);
    if (!text) continue;
    const auto named = day_named(*text);
    if (!named) {
      platform::respond_invalid(call.exchange, call.request.path(),
                                std::string(name) + " is a day in UTC, such as 2026-11-27.");
      return std::nullopt;
    }
    *day = *named;
  }
  return span;
}

void write_clicks(JsonWriter& json, const Tally& tally) {
  json.member("clicks", tally.all()).member("people", tally.by_visitor[static_cast<size_t>(Visitor::kPerson)]);
  json.member("bots", tally.by_visitor[static_cast<size_t>(Visitor::kBot)]);
}

void write_days(JsonWriter& json, const LinkCounts& counts, const Span& span) {
  json.key("clicks_by_date").begin_array();
  for (auto at = counts.by_day.lower_bound(span.from); at != counts.by_day.end() && at->first <= span.to; ++at) {
    json.begin_object().member("date", text_of(at->first));
    write_clicks(json, at->second);
    json.end_object();
  }
  json.end_array();
}

// The most frequent, and how many came from all others.
void write_referrers(JsonWriter& json, const LinkCounts& counts) {
  std::vector<std::pair<uint64_t, std::string_view>> ranked;
  for (const auto& [referrer, count] : counts.by_referrer) {
    if (!referrer.empty()) ranked.emplace_back(count, referrer);
  }
  std::ranges::sort(ranked, [](const auto& a, const auto& b) {
    return a.first != b.first ? a.first > b.first : a.second < b.second;
  });
  uint64_t others = counts.other_referrers;
  json.key("top_referrers").begin_array();
  for (size_t i = 0; i < ranked.size(); ++i) {
    if (i >= kTopReferrers) {
      others += ranked[i].first;
      continue;
    }
    json.begin_object().member("referrer", ranked[i].second).member("clicks", ranked[i].first).end_object();
  }
  const auto none = counts.by_referrer.find("");
  json.end_array().member("other_referrers", others);
  json.member("no_referrer", none == counts.by_referrer.end() ? 0 : none->second);
}

void write_countries(JsonWriter& json, const LinkCounts& counts) {
  json.key("geographic_distribution").begin_object();
  for (const auto& [country, count] : counts.by_country)
    json.dynamic_key({country.data(), country.size()}).value(count);
  json.end_object();
}

}  // namespace

void show_analytics(const Call& call, platform::OperatorAuthenticator& operators, const LinkStore& store,
                    const platform::Follower& follower, const ClickCounts& counts) {
  if (!operators.operator_of(call)) return;
  const auto span = span_in(call);
  if (!span) return;
  const auto link = link_in_path(call, store);
  if (!link) return;
  if (!follower.caught_up()) {
    return platform::respond_busy(call.exchange, call.request.path(), "catching-up",
                                  "The clicks are being read from the log, after a start.");
  }
  std::string& body = call.exchange.scratch();
  JsonWriter json(body);
  json.begin_object().member("short_code", link->code);
  follower.look([&] {
    static const LinkCounts kNone;
    const LinkCounts* found = counts.of(link->number);
    const LinkCounts& known = found == nullptr ? kNone : *found;
    const bool is_followed = known.total.all() > 0;
    json.member("total_clicks", known.total.all());
    json.member("people", known.total.by_visitor[static_cast<size_t>(Visitor::kPerson)]);
    json.member("bots", known.total.by_visitor[static_cast<size_t>(Visitor::kBot)]);
    json.member("first_at", is_followed ? std::optional(known.first_at) : std::nullopt);
    json.member("last_at", is_followed ? std::optional(known.last_at) : std::nullopt);
    write_days(json, known, *span);
    write_referrers(json, known);
    write_countries(json, known);
  });
  json.end_object();
  platform::respond_json(call.exchange, net::Status::kOk, body);
}

}  // namespace doorbuster::links
