// GET /api/v1/abuse/flagged: stored links that a list of threats names, for an operator to look at.
#include <algorithm>

#include "base/json_writer.h"
#include "links/api/link_calls.h"
#include "platform/api/request_parts.h"

namespace doorbuster::links {
namespace {

// Whether the link is still as it was judged.
bool is_as_judged(const LinkStore& store, const FlaggedLink& flagged) {
  const auto link = store.find(flagged.code);
  if (!link || !*link) return false;
  const auto destinations = destinations_of(**link);
  return std::ranges::find(destinations, flagged.long_url) != destinations.end();
}

void write_flagged(JsonWriter& json, const FlaggedLink& flagged) {
  json.begin_object();
  write_name(json, flagged.code);
  json.member("long_url", flagged.long_url);
  json.member("threat", kThreatNames[static_cast<size_t>(flagged.threat)]).member("list", flagged.list);
  json.member("found_at", flagged.found_at).end_object();
}

}  // namespace

void list_flagged(const platform::Call& call, platform::OperatorAuthenticator& operators, const LinkStore& store,
                  const ThreatLists& lists, const ThreatScanner& scanner) {
  if (!operators.operator_of(call)) return;
  const auto asked = platform::page_asked(call);
  if (!asked) return;
  const ThreatScanner::Report report = scanner.report();
  std::string& body = call.exchange.scratch();
  JsonWriter json(body);
  json.begin_object().member("total", report.flagged.size()).member("is_cut", report.is_cut);
  json.key("links").begin_array();
  const size_t end = std::min(report.flagged.size(), asked->offset + asked->limit);
  for (size_t i = asked->offset; i < end; ++i) {
    if (is_as_judged(store, report.flagged[i])) write_flagged(json, report.flagged[i]);
  }
  json.end_array().member("entries", lists.entries()).key("scan").begin_object();
  json.member("is_under_way", report.is_scanning).member("links", report.scanned);
  json.member("began_at", report.began).member("ended_at", report.ended).end_object().end_object();
  platform::respond_json(call.exchange, net::Status::kOk, body);
}

}  // namespace doorbuster::links
