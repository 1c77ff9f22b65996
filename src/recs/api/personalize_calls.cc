#include "recs/api/personalize_calls.h"

#include <algorithm>
#include <array>

#include "platform/api/problems.h"
#include "platform/api/request_parts.h"
#include "recs/api/asked.h"
#include "recs/api/event_rows.h"
#include "recs/api/personalize_answers.h"
#include "recs/api/personalize_item.h"
#include "recs/api/personalize_rows.h"
#include "recs/views/personalize_filter.h"

namespace doorbuster::recs {
namespace {

using net::Method;
using platform::Call;

template <auto function>
constexpr auto personalize_by = platform::take_by<function, RecsParts>;

constexpr std::array kPersonalizeRoutes = {
    RecsRoute{Method::kPost, kPutEventsPath, personalize_by<put_personalize_events>},
    RecsRoute{Method::kPost, kPutItemsPath, personalize_by<put_personalize_items>},
    RecsRoute{Method::kPost, kPutUsersPath, personalize_by<put_personalize_users>},
    RecsRoute{Method::kPost, "/api/v1/recs/personalize/recommendations",
              personalize_by<get_personalize_recommendations>},
    RecsRoute{Method::kPost, "/api/v1/recs/personalize/personalize-ranking", personalize_by<get_personalized_ranking>},
};

void respond_taken(net::Exchange& exchange, const RecsMachine::Reply& reply) {
  if (reply.without_room.empty()) return respond_personalize(exchange, "{}");
  respond_personalize_error(exchange, net::Status::kConflict, "ResourceInUseException",
                            "There are as many items as there may be: raise recs.items.");
}

// The filter that a question names, with what is known of whom and what it is about.
Result<void> read_named_filter(const PersonalizeRequest& request, const Names& names, const EventNames& events,
                               const RecsTables& tables, Asked& asked) {
  if (!request.filter) return {};
  const auto& filters = tables.documents(DocumentKind::kFilter);
  const auto found = filters.find(*request.filter);
  if (found == filters.end()) return fail(ErrorCode::kNotFound, "There is no filter '" + *request.filter + "'.");
  JsonDocument document(found->second);
  asked.filter_text = document.root().required("expression").string();
  PersonalizeQuestion question{.values = request.values};
  if (request.user) {
    const auto user = tables.find(VisitorKind::kUser, names.user(*request.user));
    if (user) question.user = tables.content_of_user(*user);
  }
  const Item unknown;
  if (request.item) {
    const auto item = tables.catalogue().find(names.item(*request.item));
    question.item = item ? &tables.catalogue()[*item] : &unknown;
  }
  auto filter = parse_personalize(asked.filter_text, question, events);
  if (!filter) return fail(ErrorCode::kInvalid, "filter '" + *request.filter + "', " + filter.error().message);
  asked.filter = *std::move(filter);
  return {};
}

// Nothing: it was answered that it can't be.
std::optional<Asked> asked_of(const Call& call, const std::string& actor, const PersonalizeRequest& request,
                              const Names& names, const Freshness& freshness, const EventNames& events) {
  Asked asked{.caller = {.kind = RecsCaller::Kind::kOperator, .actor = actor}, .n = request.n};
  asked.says_n = true;
  asked.surface = request.surface;
  asked.ranked = request.ranked;
  if (request.user) asked.user = names.user(*request.user);
  const Result<void> read = freshness.view.look(
      [&](const RecsTables& tables) { return read_named_filter(request, names, events, tables, asked); });
  if (read) return asked;
  if (read.error().code == ErrorCode::kNotFound)
    respond_resource_missing(call.exchange, read.error().message);
  else
    respond_invalid_input(call.exchange, read.error().message);
  return std::nullopt;
}

// Which of our questions it is: a campaign's recipe is not known here, so its name says it.
std::vector<Recommended> recommended_for(const PersonalizeRequest& request, const Names& names,
                                         const RecsTables& tables, const Question& question) {
  const auto is_named = [&](std::string_view word) { return request.surface.find(word) != std::string::npos; };
  const auto item = request.item ? tables.catalogue().find(names.item(*request.item)) : std::nullopt;
  if (item && is_named("viewed")) return also_viewed(tables, *item, question);
  if (item && is_named("similar")) return similar(tables, *item, question);
  if (item) return also_bought(tables, *item, question);
  if (is_named("popular")) return popular(tables, std::nullopt, question);
  if (is_named("trending")) return trending(tables, Window::kDay, std::nullopt, question);
  return for_visitors(tables, question);
}

void write_predicted(JsonWriter& json, const Item& item, double score, const std::vector<std::string>& columns) {
  json.begin_object().member("itemId", item.name).member("score", score);
  if (!columns.empty()) {
    json.key("metadata").begin_object();
    for (const std::string& column : columns) {
      if (const auto value = personalize_metadata(item, column)) json.dynamic_key(column).value(*value);
    }
    json.end_object();
  }
  json.end_object();
}

// Behind all others, in the order in which they came, stand those that nobody knows.
void write_unknown(JsonWriter& json, const PersonalizeRequest& request, const Names& names, const RecsTables& tables) {
  if (request.filter) return;  // nobody knows whether they fit
  for (const std::string& name : request.ranked) {
    if (!tables.catalogue().find(names.item(name))) json.begin_object().member("itemId", name).end_object();
  }
}

// `list` is what the member is called in which the items stand.
void answer_personalize(const Call& call, const Asked& asked, const PersonalizeRequest& request, std::string_view list,
                        const Names& names, const Freshness& freshness, AnswerIds& ids, const Recommend& recommend) {
  std::string& body = call.exchange.scratch();
  JsonWriter json(body);
  json.begin_object();
  give_answer(call.now, asked, names, freshness, ids, recommend,
              [&](const RecsTables& tables, const GivenAnswer& given) {
                json.member("recommendationId", name_of_recommendation(given.id)).dynamic_key(list).begin_array();
                for (const Recommended& one : given.items)
                  write_predicted(json, tables.catalogue()[one.item], one.score, request.columns);
                write_unknown(json, request, names, tables);
              });
  json.end_array().end_object();
  respond_personalize(call.exchange, body);
}

}  // namespace

std::span<const RecsRoute> personalize_routes() { return kPersonalizeRoutes; }

void put_personalize_events(const Call& call, CompatCallers& callers, RecsCommands& commands, const Names& names,
                            const Freshness& freshness, const AnswerIds& ids, const EventNames& events) {
  if (!personalize_caller(call, callers, freshness)) return;
  auto rows = read_put_events(call.request.body(), names, events);
  if (!rows) return respond_invalid_input(call.exchange, rows.error().message);
  if (rows->empty()) return respond_personalize(call.exchange, "{}");
  attribute(*rows, ids.given());
  commands.ask(call, RecordEvents{.rows = *std::move(rows)}, respond_taken, respond_personalize_busy);
}

void put_personalize_items(const Call& call, CompatCallers& callers, RecsCommands& commands, const Names& names,
                           const Freshness& freshness) {
  if (!personalize_caller(call, callers, freshness)) return;
  auto items = read_put_items(call.request.body(), names);
  if (!items) return respond_invalid_input(call.exchange, items.error().message);
  if (items->empty()) return respond_personalize(call.exchange, "{}");
  commands.ask(call, PutItems{.items = *std::move(items)}, respond_taken, respond_personalize_busy);
}

void put_personalize_users(const Call& call, CompatCallers& callers, RecsCommands& commands, const Names& names,
                           const Freshness& freshness) {
  if (!personalize_caller(call, callers, freshness)) return;
  auto users = read_put_users(call.request.body(), names);
  if (!users) return respond_invalid_input(call.exchange, users.error().message);
  if (users->empty()) return respond_personalize(call.exchange, "{}");
  commands.ask(call, PutUsers{.users = *std::move(users)}, respond_taken, respond_personalize_busy);
}

void get_personalize_recommendations(const Call& call, CompatCallers& callers, const Names& names,
                                     const Freshness& freshness, AnswerIds& ids, const EventNames& events) {
  const auto actor = personalize_caller(call, callers, freshness);
  if (!actor) return;
  const auto request = read_get_recommendations(call.request.body());
  if (!request) return respond_invalid_input(call.exchange, request.error().message);
  const auto asked = asked_of(call, *actor, *request, names, freshness, events);
  if (!asked) return;
  answer_personalize(
      call, *asked, *request, "itemList", names, freshness, ids,
      [&](const RecsTables& tables, const Question& of) { return recommended_for(*request, names, tables, of); });
}

void get_personalized_ranking(const Call& call, CompatCallers& callers, const Names& names, const Freshness& freshness,
                              AnswerIds& ids, const EventNames& events) {
  const auto actor = personalize_caller(call, callers, freshness);
  if (!actor) return;
  const auto request = read_get_ranking(call.request.body());
  if (!request) return respond_invalid_input(call.exchange, request.error().message);
  const auto asked = asked_of(call, *actor, *request, names, freshness, events);
  if (!asked) return;
  answer_personalize(call, *asked, *request, "personalizedRanking", names, freshness, ids,
                     [&](const RecsTables& tables, const Question& of) {
                       std::vector<Recommended> items = ranked_for(*asked, names, tables, of);
                       const Picker picker(tables, of);
                       if (of.filter != nullptr)
                         std::erase_if(items, [&](const Recommended& one) { return !picker.may_take(one.item); });
                       return items;
                     });
}

// Once more for the same key it is the same.
void give_signing_credentials(const Call& call, CompatCallers& callers) {
  const auto actor = callers.operator_of(call);
  if (!actor) return;
  if (const auto noted = callers.note_credentials(call, *actor); !noted) {
    return platform::respond_busy(call.exchange, call.request.path(), "unavailable",
                                  "The audit trail could not be written: nothing is shown.");
  }
  std::string& body = call.exchange.scratch();
  JsonWriter json(body);
  json.begin_object().member("access_key_id", *actor).member("secret_access_key", callers.signing_secret(*actor));
  json.end_object();
  platform::respond_json(call.exchange, net::Status::kOk, body);
}

}  // namespace doorbuster::recs
