// The channels of a sale: links of its own, and what came of the visitors whom each of them brought.
#include "links/api/block_answers.h"
#include "links/api/link_calls.h"
#include "platform/api/problems.h"
#include "platform/api/request_parts.h"

namespace doorbuster::links {
namespace {

using platform::Call;

// The sale in the path; answers 404 and returns nothing if there is none.
std::optional<std::string> sale_in_path(const Call& call, const Channels& channels) {
  std::string sale(call.parameter(0));
  if (sale.size() <= kSaleBytesMax && channels.has("/api/v1/sales/" + sale)) return sale;
  platform::respond_problem(call.exchange, call.request.path(), net::Status::kNotFound, "sale-not-found",
                            "No such sale", "GET /api/v1/sales lists the sales there are.");
  return std::nullopt;
}

// What is known of the links of one page.
struct Outcomes {
  std::vector<RecordTotal> clicks;     // of each link
  std::vector<ChannelResult> results;  // likewise
  ChannelResult others;
  std::optional<Timestamp> since;
};

Result<Outcomes> outcomes_of(std::string_view sale, const std::vector<Link>& links, const ClickCounts& counts,
                             const Channels& channels) {
  std::vector<uint64_t> numbers;
  for (const Link& link : links) numbers.push_back(link.number);
  Outcomes outcomes{.clicks = TRY(counts.totals_of(numbers)), .results = {}, .others = {}, .since = {}};
  channels.follower.look([&] {
    const SaleResults* results = channels.results.of(sale);
    for (const Link& link : links) {
      const bool is_known = results != nullptr && results->by_channel.contains(link.code);
      outcomes.results.push_back(is_known ? results->by_channel.find(link.code)->second : ChannelResult());
    }
    if (results == nullptr) return;
    outcomes.others = results->others;
    outcomes.since = results->since;
  });
  return outcomes;
}

void write_result(JsonWriter& json, const ChannelResult& result) {
  json.member("joins", result.joins).member("holds", result.holds).member("units", result.units);
}

void write_channel(JsonWriter& json, const Link& link, const Tally& clicks, const ChannelResult& result,
                   const LinkBase& base) {
  const uint64_t people = clicks.by_visitor[static_cast<size_t>(Visitor::kPerson)];
  json.begin_object().member("short_url", base.short_url(link)).member("short_code", link.code);
  json.member("title", link.title).member("long_url", link.long_url).member("created_at", link.created_at);
  json.member("clicks", clicks.all()).member("people", people).member("bots", clicks.all() - people);
  write_result(json, result);
  // Units a visit; of nobody's visits nothing can be said.
  json.member("conversion",
              people == 0 ? std::optional<double>() : static_cast<double>(result.units) / static_cast<double>(people));
  json.end_object();
}

}  // namespace

void create_channel(const Call& call, platform::OperatorAuthenticator& operators, LinkChanges& changes,
                    const LinkBase& base, const Channels& channels, const Blocks& blocks) {
  if (!operators.operator_of(call)) return;
  const auto sale = sale_in_path(call, channels);
  if (!sale) return;
  auto created = parse_new_channel(call.request.body(), base, *sale, channels.base_url + "/s/" + *sale, call.now);
  if (!created) return platform::respond_invalid(call.exchange, call.request.path(), created.error().message);
  if (!may_lead_there(call, blocks, created->alias, created->link)) return;
  channels.follower.look([&] { channels.results.open(*sale, call.now); });
  changes.create(call, *std::move(created));
}

void list_channels(const Call& call, platform::OperatorAuthenticator& operators, const LinkStore& store,
                   const LinkBase& base, const platform::Follower& follower, const ClickCounts& counts,
                   const Channels& channels) {
  if (!operators.operator_of(call)) return;
  const auto sale = sale_in_path(call, channels);
  if (!sale) return;
  const auto before = cursor_in(call);
  if (!before) return;
  const auto limit = platform::number_in_query(call, "limit", kLinksAPage, platform::kPageMax);
  if (!limit) return;
  if (!follower.caught_up() || !channels.follower.caught_up()) {
    return platform::respond_busy(call.exchange, call.request.path(), "catching-up",
                                  "What came of the links is being read from the log, after a start.");
  }
  const auto links = store.list_of_sale(*sale, *before, *limit);
  if (!links) return respond_store_failed(call, links.error());
  const auto outcomes = outcomes_of(*sale, *links, counts, channels);
  if (!outcomes) return respond_store_failed(call, outcomes.error());
  std::string& body = call.exchange.scratch();
  JsonWriter json(body);
  json.begin_object().member("sale", *sale).member("since", outcomes->since);
  json.key("links").begin_array();
  size_t shown = 0;
  for (; shown < links->size() && body.size() < platform::kPageBytes; ++shown)
    write_channel(json, (*links)[shown], outcomes->clicks[shown].total, outcomes->results[shown], base);
  const bool may_be_more = shown > 0 && (shown < links->size() || shown == *limit);
  json.end_array().key("others").begin_object();
  write_result(json, outcomes->others);
  json.end_object();
  json.member("next", may_be_more ? std::optional(cursor_behind((*links)[shown - 1])) : std::nullopt);
  json.end_object();
  platform::respond_json(call.exchange, net::Status::kOk, body);
}

}  // namespace doorbuster::links
