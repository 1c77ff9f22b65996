// GET /api/v1/abuse/top-domains and /orphan-visits: where most visitors are sent and most links lead, and which codes
// are asked for that are nobody's.
#include "base/json_writer.h"
#include "links/api/link_calls.h"
#include "platform/api/request_parts.h"

namespace doorbuster::links {
namespace {

constexpr size_t kTopMax = 100;
constexpr int64_t kMicrosOfDay = int64_t{86'400} * 1'000'000;

std::vector<DayTop> days_of(const AllTraffic& traffic, const DailyTop& (LinkTraffic::*which)() const) {
  std::vector<const DailyTop*> parts;
  for (const LinkTraffic* part : traffic.parts()) parts.push_back(&(part->*which)());
  return DailyTop::merged(parts, kTopMax);
}

void write_tops(JsonWriter& json, const std::vector<DayTop>& days, JsonKey total, JsonKey text) {
  json.begin_array();
  for (const DayTop& day : days) {
    const auto at = format_rfc3339(Timestamp::from_micros(day.day * kMicrosOfDay));
    json.begin_object().member("day", std::string_view(at).substr(0, 10)).member(total, day.total);
    json.key("top").begin_array();
    for (const DayTop::Entry& entry : day.top) {
      json.begin_object().member(text, entry.text);
      json.member("at_least", entry.at_least).member("at_most", entry.at_most).end_object();
    }
    json.end_array().end_object();
  }
  json.end_array();
}

}  // namespace

void list_top_domains(const platform::Call& call, platform::OperatorAuthenticator& operators,
                      const AllTraffic& traffic) {
  if (!operators.operator_of(call)) return;
  std::string& body = call.exchange.scratch();
  JsonWriter json(body);
  json.begin_object().member("since", traffic.since()).key("clicks");
  write_tops(json, days_of(traffic, &LinkTraffic::clicked_domains), "clicks", "domain");
  json.key("links");
  write_tops(json, days_of(traffic, &LinkTraffic::made_domains), "links", "domain");
  json.end_object();
  platform::respond_json(call.exchange, net::Status::kOk, body);
}

void list_orphan_visits(const platform::Call& call, platform::OperatorAuthenticator& operators,
                        const AllTraffic& traffic) {
  if (!operators.operator_of(call)) return;
  std::string& body = call.exchange.scratch();
  JsonWriter json(body);
  json.begin_object().member("since", traffic.since()).key("days");
  write_tops(json, days_of(traffic, &LinkTraffic::unknown_codes), "visits", "short_code");
  json.end_object();
  platform::respond_json(call.exchange, net::Status::kOk, body);
}

}  // namespace doorbuster::links
