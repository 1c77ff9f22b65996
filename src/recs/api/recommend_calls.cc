#include <algorithm>

#include "base/json.h"
#include "platform/api/bulk_rows.h"
#include "platform/api/problems.h"
#include "platform/api/request_parts.h"
#include "recs/api/asked.h"
#include "recs/api/event_rows.h"
#include "recs/api/experiment_answers.h"
#include "recs/api/recs_calls.h"
#include "recs/views/popular_in.h"

namespace doorbuster::recs {
namespace {

using platform::Call;

constexpr size_t kItemsMax = 100;
constexpr platform::BulkRules kQuestionRules = {.rows_max = kQuestionsMax, .things = "questions"};

std::optional<Asked> refuse(const Call& call, std::string_view detail) {
  platform::respond_invalid(call.exchange, call.request.path(), detail);
  return std::nullopt;
}

Result<Asked> with_filter(Asked asked, const std::optional<std::string>& text) {
  if (!text) return asked;
  auto filter = Filter::parse(*text);
  if (!filter) return fail(ErrorCode::kInvalid, "filter: " + filter.error().message);
  asked.filter = std::move(*filter);
  asked.filter_text = *text;
  return asked;
}

Result<Asked> with_visitors(Asked asked, const std::optional<std::string>& user,
                            const std::optional<std::string>& session, const Names& names) {
  if ((user && !is_name(*user)) || (session && !is_name(*session))) {
    return fail(ErrorCode::kInvalid, "user and session are names of 1 to 128 bytes without control characters.");
  }
  if (user) asked.user = names.user(*user);
  if (session) asked.session = names.session(*session);
  return asked;
}

// What is known of a user is theirs.
std::optional<Asked> permitted(const Call& call, Result<Asked>&& read) {
  if (!read) return refuse(call, read.error().message);
  Asked asked = *std::move(read);
  if (asked.user && !asked.caller.may_name(*asked.user)) {
    platform::respond_unauthorized(call, "user-needs-key",
                                   "What is recommended to a user is for an operator's key, or the user's own token.");
    return std::nullopt;
  }
  if (!asked.user && asked.caller.kind == RecsCaller::Kind::kCustomer) asked.user = asked.caller.user;
  return asked;
}

std::optional<Asked> asked_in_query(const Call& call, Asked asked, const Names& names) {
  const auto n = platform::number_in_query(call, "n", kItemsDefault, kItemsMax);
  if (!n) return std::nullopt;
  asked.n = *n;
  asked.says_n = call.request.query_parameter("n").has_value();
  bool is_wrong = false;
  asked.surface = text_in_query(call, "surface", is_wrong).value_or("");
  const auto user = text_in_query(call, "user", is_wrong);
  const auto session = text_in_query(call, "session", is_wrong);
  asked.category = text_in_query(call, "category", is_wrong);
  const auto filter = text_in_query(call, "filter", is_wrong);
  if (is_wrong) return std::nullopt;
  auto filtered = with_filter(std::move(asked), filter);
  if (!filtered) return refuse(call, filtered.error().message);
  return permitted(call, with_visitors(*std::move(filtered), user, session, names));
}

std::optional<std::string> optional_name(const JsonValue& value) {
  if (!value.present()) return std::nullopt;
  return std::string(value.string({.min_bytes = 1, .max_bytes = kNameBytesMax}));
}

void read_history(const JsonValue& value, const Names& names, Asked& asked) {
  value.array(kHistoryInRequestMax).each([&](const JsonValue& entry) {
    const JsonObject object = entry.object();
    const NameHash item = names.item(object.required("item").string({.min_bytes = 1, .max_bytes = kNameBytesMax}));
    const auto kind = object.optional("type").one_of(kEventKindNames, EventKind::kView);
    asked.seen.push_back(item);
    if (kind == EventKind::kPurchase) asked.bought.push_back(item);
  });
  std::ranges::reverse(asked.seen);
}

// A list to be ordered is taken whole.
void read_ranking(const JsonObject& root, Asked& asked) {
  const std::string_view needs = "the names of 1 to 500 items to be ordered";
  root.required("items", needs).array(kRankedMax).each([&](const JsonValue& item) {
    asked.ranked.emplace_back(item.string({.min_bytes = 1, .max_bytes = kNameBytesMax}));
  });
}

// What one of them is asked by in JSON.
enum class Form : uint8_t { kRecommendations, kRanking };

Result<Asked> asked_in_text(std::string_view text, Form form, Asked asked, const Names& names) {
  JsonDocument document(text);
  const JsonObject root = document.root();
  std::optional<std::string> filter;
  if (form == Form::kRanking) {
    read_ranking(root, asked);
  } else {
    asked.n = static_cast<size_t>(root.optional("n").integer({.min = 1, .max = kItemsMax}, kItemsDefault));
    asked.says_n = root.optional("n").present();
    const JsonValue condition = root.optional("filter");
    if (condition.present()) filter = condition.string();
  }
  asked.surface = root.optional("surface").string({.max_bytes = kNameBytesMax});
  const auto user = optional_name(root.optional("user"));
  const auto session = optional_name(root.optional("session"));
  read_history(root.optional("history"), names, asked);
  TRY(document.finish());
  return with_visitors(TRY(with_filter(std::move(asked), filter)), user, session, names);
}

std::optional<Asked> asked_by(const Call& call, RecsCallers& callers, const Names& names, const Freshness& freshness) {
  auto caller = callers.caller_of(call, platform::Action::kPoll);
  if (!caller || !has_caught_up(call, freshness.follower)) return std::nullopt;
  Asked asked{.caller = std::move(*caller)};
  if (call.request.method() != net::Method::kPost) return asked_in_query(call, std::move(asked), names);
  const Form form = call.request.path() == kRankPath ? Form::kRanking : Form::kRecommendations;
  return permitted(call, asked_in_text(call.request.body(), form, std::move(asked), names));
}

// Names that stand for nothing are passed over.
Question question_of(const Asked& asked, const RecsTables& tables) {
  Question question{.n = asked.n, .filter = asked.filter ? &*asked.filter : nullptr, .surface = asked.surface};
  question.is_ranking = !asked.ranked.empty();
  if (const Surface* surface = tables.surface(asked.surface); surface != nullptr) {
    if (!asked.says_n) question.n = surface->n;
    question.lambda = surface->lambda;
    question.explore = surface->explore;
  }
  if (asked.user) question.visitors.user = tables.find(VisitorKind::kUser, *asked.user);
  if (asked.session) question.visitors.session = tables.find(VisitorKind::kSession, *asked.session);
  const auto add = [&](const std::vector<NameHash>& names, std::vector<uint32_t>& items) {
    for (const NameHash& name : names) {
      if (const auto item = tables.catalogue().find(name)) items.push_back(*item);
    }
  };
  add(asked.seen, question.visitors.seen);
  add(asked.bought, question.visitors.bought);
  return question;
}

// The members of an answer with what `recommend(tables, question)` says, in an object that is open.
void write_answer(JsonWriter& json, const Call& call, const Asked& asked, const Names& names,
                  const Freshness& freshness, AnswerIds& ids, const Recommend& recommend) {
  give_answer(call.now, asked, names, freshness, ids, recommend,
              [&](const RecsTables& tables, const GivenAnswer& given) {
                json.member("recommendation", name_of_recommendation(given.id));
                json.member("model_version", given.model_version);
                write_recommendations(json, tables, given.items, given.variants);
                write_experiment(json, given);
              });
  json.member("freshness_ms", freshness.millis(call.now));
}

void answer(const Call& call, const Asked& asked, const Names& names, const Freshness& freshness, AnswerIds& ids,
            const Recommend& recommend) {
  std::string& body = call.exchange.scratch();
  JsonWriter json(body);
  json.begin_object();
  write_answer(json, call, asked, names, freshness, ids, recommend);
  json.end_object();
  respond_public(call.exchange, body);
}

// By `country` and `window` in the query; answers 400 and returns nothing if one can't be read.
std::optional<Where> where_of(const Call& call, std::string_view usual_window) {
  Where where;
  const std::string_view name = call.request.query_parameter("window").value_or(usual_window);
  const auto window = std::ranges::find(kWindowNames, name);
  if (window != kWindowNames.end()) where.window = static_cast<Window>(window - kWindowNames.begin());
  if (window == kWindowNames.end() && name != "all") {
    platform::respond_invalid(call.exchange, call.request.path(), "window is 1h, 24h, 7d or all.");
    return std::nullopt;
  }
  const auto country = call.request.query_parameter("country");
  if (!country) return where;
  where.country = country_of_text(*country);
  if (where.country != 0) return where;
  platform::respond_invalid(call.exchange, call.request.path(), "country is two capital letters of ISO 3166-1, as DE.");
  return std::nullopt;
}

// None of all items; nothing if nobody knows the category.
std::optional<std::optional<uint32_t>> category_of(const Asked& asked, const RecsTables& tables) {
  if (!asked.category) return std::optional<uint32_t>();
  const auto category = tables.catalogue().words().find(*asked.category);
  return category ? std::optional(category) : std::nullopt;
}

using OfItem = std::vector<Recommended> (*)(const RecsTables&, uint32_t, const Question&);

// By its own name, or that of a sale that sells it.
std::optional<uint32_t> item_named(const Catalogue& items, const Names& names, const std::string& name) {
  const auto of_name = items.find(names.item(name));
  if (of_name && items[*of_name].is_put) return of_name;
  const auto sold = items.sold_by(name);
  return sold ? sold : of_name;
}

// Of an item that nobody knows yet: what is popular.
void answer_of_item(const Call& call, RecsCallers& callers, const Names& names, const Freshness& freshness,
                    AnswerIds& ids, OfItem of_item) {
  const auto asked = asked_by(call, callers, names, freshness);
  if (!asked) return;
  const auto name = name_in_path(call, 0);
  if (!name) return;
  answer(call, *asked, names, freshness, ids, [&](const RecsTables& tables, const Question& question) {
    const auto item = item_named(tables.catalogue(), names, *name);
    return item ? of_item(tables, *item, question) : for_visitors(tables, question);
  });
}

}  // namespace

void give_answer(Timestamp now, const Asked& asked, const Names& names, const Freshness& freshness, AnswerIds& ids,
                 const Recommend& recommend, const WriteAnswer& write) {
  GivenAnswer given{.id = ids.next(), .at = now, .filter = asked.filter_text};
  freshness.view.look([&](const RecsTables& tables) {
    Question question = question_of(asked, tables);
    question.at = now;
    question.seed = given.id;
    given.from = lately(tables, question.visitors);
    given.user = asked.user.value_or(NameHash());
    given.session = asked.session.value_or(NameHash());
    recommend_in_experiment(tables, names, question, recommend, given);
    given.model_version = tables.model().version;
    write(tables, given);
    ids.keep(std::move(given));  // before anybody is forgotten whose answer it is
  });
}

std::vector<Recommended> popular_for(const Asked& asked, const RecsTables& tables, const Question& question) {
  const auto category = category_of(asked, tables);
  return category ? popular(tables, *category, question) : std::vector<Recommended>();
}

std::vector<Recommended> ranked_for(const Asked& asked, const Names& names, const RecsTables& tables,
                                    const Question& question) {
  std::vector<uint32_t> items;
  for (const std::string& name : asked.ranked) {
    const auto item = tables.catalogue().find(names.item(name));
    if (item && std::ranges::find(items, *item) == items.end()) items.push_back(*item);
  }
  return ranked(tables, items, question);
}

void show_also_bought(const Call& call, RecsCallers& callers, const Names& names, const Freshness& freshness,
                      AnswerIds& ids) {
  answer_of_item(call, callers, names, freshness, ids, &also_bought);
}

void show_also_viewed(const Call& call, RecsCallers& callers, const Names& names, const Freshness& freshness,
                      AnswerIds& ids) {
  answer_of_item(call, callers, names, freshness, ids, &also_viewed);
}

void show_similar(const Call& call, RecsCallers& callers, const Names& names, const Freshness& freshness,
                  AnswerIds& ids) {
  answer_of_item(call, callers, names, freshness, ids, &similar);
}

void show_recommendations(const Call& call, RecsCallers& callers, const Names& names, const Freshness& freshness,
                          AnswerIds& ids) {
  const auto asked = asked_by(call, callers, names, freshness);
  if (asked) answer(call, *asked, names, freshness, ids, &for_visitors);
}

// Each question by itself: one that can't be read takes none of the others with it.
void show_many_recommendations(const Call& call, RecsCallers& callers, const Names& names, const Freshness& freshness,
                               AnswerIds& ids) {
  const auto actor = callers.operator_of(call);
  if (!actor || !has_caught_up(call, freshness.follower)) return;
  const auto texts = platform::rows_in(call.request.body(), platform::BulkForm::kArray, kQuestionRules);
  if (!texts) return platform::respond_invalid(call.exchange, call.request.path(), texts.error().message);
  const Asked unread{.caller = {.kind = RecsCaller::Kind::kOperator, .actor = *actor}};
  std::string& body = call.exchange.scratch();
  JsonWriter json(body);
  std::vector<RowProblem> problems;
  json.begin_object().key("answers").begin_array();
  for (uint32_t index = 0; index < texts->size(); ++index) {
    const auto asked = asked_in_text((*texts)[index], Form::kRecommendations, unread, names);
    if (!asked) {
      problems.push_back({.index = index, .detail = asked.error().message});
      continue;
    }
    json.begin_object().member("index", index);
    write_answer(json, call, *asked, names, freshness, ids, &for_visitors);
    json.end_object();
  }
  json.end_array();
  write_problems(json, problems);
  json.end_object();
  platform::respond_json(call.exchange, net::Status::kOk, body);
}

// Items that nobody knows are left out.
void rank_items(const Call& call, RecsCallers& callers, const Names& names, const Freshness& freshness,
                AnswerIds& ids) {
  const auto asked = asked_by(call, callers, names, freshness);
  if (!asked) return;
  answer(call, *asked, names, freshness, ids, [&](const RecsTables& tables, const Question& question) {
    return ranked_for(*asked, names, tables, question);
  });
}

// Which sources, which of the visitor's items, which counts.
void explain_answer(const Call& call, RecsCallers& callers, const Freshness& freshness, const AnswerIds& ids) {
  if (!callers.operator_of(call) || !has_caught_up(call, freshness.follower)) return;
  const auto id = recommendation_named(call.request.query_parameter("recommendation").value_or(""));
  const auto given = ids.find(id);
  if (!given) {
    return platform::respond_problem(call.exchange, call.request.path(), net::Status::kNotFound,
                                     "recommendation-not-found", "No such recommendation",
                                     "The newest answers since the start are remembered (recs.answers): name one of "
                                     "them. What was answered to whom is forgotten with them.");
  }
  std::string& body = call.exchange.scratch();
  JsonWriter json(body);
  json.begin_object().member("recommendation", name_of_recommendation(given->id)).member("at", given->at);
  json.member("model_version", given->model_version);
  json.member("filter", given->filter.empty() ? std::optional<std::string>() : std::optional(given->filter));
  freshness.view.look([&](const RecsTables& tables) { write_explanation(json, tables, *given); });
  json.end_object();
  platform::respond_json(call.exchange, net::Status::kOk, body);
}

void show_popular(const Call& call, RecsCallers& callers, const Names& names, const Freshness& freshness,
                  AnswerIds& ids) {
  const auto where = where_of(call, "all");
  if (!where) return;
  const auto asked = asked_by(call, callers, names, freshness);
  if (!asked) return;
  answer(call, *asked, names, freshness, ids, [&](const RecsTables& tables, const Question& question) {
    if (where->country == 0 && !where->window) return popular_for(*asked, tables, question);
    const auto category = category_of(*asked, tables);
    return category ? popular_in(tables, *where, *category, question) : std::vector<Recommended>();
  });
}

void show_trending(const Call& call, RecsCallers& callers, const Names& names, const Freshness& freshness,
                   AnswerIds& ids) {
  const auto where = where_of(call, "24h");
  if (!where) return;
  if (!where->window) return platform::respond_invalid(call.exchange, call.request.path(), "window is 1h, 24h or 7d.");
  const auto asked = asked_by(call, callers, names, freshness);
  if (!asked) return;
  answer(call, *asked, names, freshness, ids, [&](const RecsTables& tables, const Question& question) {
    const auto category = category_of(*asked, tables);
    if (!category) return std::vector<Recommended>();
    if (where->country == 0) return trending(tables, *where->window, *category, question);
    return trending_in(tables, *where, *category, question);
  });
}

}  // namespace doorbuster::recs
