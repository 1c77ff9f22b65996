// What operators see of recommendations as a whole: tables and their memory, how fresh they are, what was recommended.
#include <algorithm>
#include <numeric>

#include "platform/api/problems.h"
#include "platform/api/request_parts.h"
#include "recs/api/recommended_lately.h"
#include "recs/api/recs_calls.h"

namespace doorbuster::recs {
namespace {

using platform::Call;

// The largest first.
void write_memory(JsonWriter& json, const RecsTables::Usage& usage) {
  std::array<size_t, RecsTables::kTables.size()> order{};
  std::iota(order.begin(), order.end(), size_t{0});
  std::ranges::stable_sort(order, std::ranges::greater(), [&](size_t table) { return usage.bytes[table]; });
  json.key("memory").begin_array();
  for (const size_t table : order)
    json.begin_object().member("table", RecsTables::kTables[table]).member("bytes", usage.bytes[table]).end_object();
  json.end_array();
}

void write_recommended(JsonWriter& json, const RecommendedLately& lately) {
  json.key("recommended").begin_object().member("answers", lately.answers).member("since", lately.since);
  json.member("places", lately.places).member("items", lately.items).member("items_shown", lately.items_shown);
  json.member("coverage", lately.coverage()).member("popular_share", lately.popular_share);
  json.member("popular_share_of_interactions", lately.popular_share_of_interactions);
  json.member("new_share", lately.new_share).member("new_share_of_items", lately.new_share_of_items);
  json.key("by_source").begin_array();
  for (size_t source = 0; source < kSourceNames.size(); ++source) {
    if (lately.by_source[source] == 0) continue;
    json.begin_object().member("source", kSourceNames[source]).member("places", lately.by_source[source]).end_object();
  }
  json.end_array().end_object();
}

}  // namespace

void show_usage(const Call& call, RecsCallers& callers, const Freshness& freshness, const AnswerIds& ids) {
  if (!callers.operator_of(call) || !has_caught_up(call, freshness.follower)) return;
  std::string& body = call.exchange.scratch();
  JsonWriter json(body);
  json.begin_object().member("freshness_ms", freshness.millis(call.now));
  freshness.view.look([&](const RecsTables& tables) {
    json.member("model_version", tables.model().version);
    const RecsTables::Usage usage = tables.usage();
    json.key("entries").begin_object().member("items", usage.items).member("users", usage.users);
    json.member("sessions", usage.sessions).member("interactions", usage.interactions).end_object();
    write_memory(json, usage);
    write_recommended(json, recommended_lately(tables, ids.given(), call.now));
  });
  json.end_object();
  platform::respond_json(call.exchange, net::Status::kOk, body);
}

}  // namespace doorbuster::recs
