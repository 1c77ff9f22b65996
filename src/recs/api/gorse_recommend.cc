#include <algorithm>

#include "recs/api/asked.h"
#include "recs/api/event_rows.h"
#include "recs/api/gorse_answers.h"
#include "recs/api/gorse_calls.h"
#include "recs/api/gorse_rows.h"
#include "recs/api/recs_calls.h"

namespace doorbuster::recs {
namespace {

using platform::Call;

// Gorse keeps only so many of a list, too: what is asked for beyond them is not there.
constexpr size_t kGorseItemsMax = kRankedMax;

struct GorseQuestion {
  Asked asked;
  size_t offset = 0;
};

std::string quoted_word(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

// What somebody has given feedback on is not recommended to them.
std::string condition_for(bool is_for_somebody, const std::optional<std::string>& category) {
  std::string condition = is_for_somebody ? "not viewed" : "";
  if (!category) return condition;
  if (!condition.empty()) condition += " and ";
  return condition + "category = " + quoted_word(*category);
}

// How many there may be, from where on, of which category. `category_at`: the path's parameter for it.
std::optional<GorseQuestion> gorse_question(const Call& call, const std::string& actor, size_t category_at,
                                            const std::optional<std::string>& user, const Names& names) {
  const auto n = gorse_number(call, "n", kItemsDefault);
  if (!n) return std::nullopt;
  const auto offset = gorse_number(call, "offset", 0);
  if (!offset) return std::nullopt;
  GorseQuestion question{.asked = {.caller = {.kind = RecsCaller::Kind::kOperator, .actor = actor}, .says_n = true}};
  question.offset = std::min(*offset, kGorseItemsMax);
  question.asked.n = std::min(*n, kGorseItemsMax - question.offset) + question.offset;
  if (call.match.parameter_count > category_at) {
    question.asked.category = gorse_name(call, category_at);
    if (!question.asked.category) return std::nullopt;
  } else if (const auto category = call.request.query_parameter("category"); category && !category->empty()) {
    question.asked.category = decoded_name(*category, net::PlusSign::kSpace);
  }
  if (user) question.asked.user = names.user(*user);
  const bool is_for_session = call.request.method() == net::Method::kPost;
  question.asked.filter_text = condition_for(user || is_for_session, question.asked.category);
  if (question.asked.filter_text.empty()) return question;
  auto filter = Filter::parse(question.asked.filter_text);
  if (filter) {
    question.asked.filter = *std::move(filter);
    return question;
  }
  respond_gorse_invalid(call.exchange, "category: " + filter.error().message);
  return std::nullopt;
}

// Without those before the offset.
std::span<const Recommended> behind(const GivenAnswer& given, size_t offset) {
  return std::span(given.items).subspan(std::min(offset, given.items.size()));
}

void answer_scores(const Call& call, const GorseQuestion& question, const Names& names, const Freshness& freshness,
                   AnswerIds& ids, const Recommend& recommend) {
  std::string& body = call.exchange.scratch();
  JsonWriter json(body);
  json.begin_array();
  give_answer(call.now, question.asked, names, freshness, ids, recommend,
              [&](const RecsTables& tables, const GivenAnswer& given) {
                for (const Recommended& one : behind(given, question.offset)) {
                  json.begin_object().member("Id", tables.catalogue()[one.item].name);
                  json.member("Score", one.score).end_object();
                }
              });
  json.end_array();
  respond_gorse(call.exchange, body);
}

// "1h30m", as Go writes how long something takes.
bool is_go_duration(std::string_view text) {
  return text.size() <= 32 && std::ranges::all_of(text, [](char c) {
           return (c >= '0' && c <= '9') || c == '.' || c == 'h' || c == 'm' || c == 's' || c == 'u' || c == 'n';
         });
}

// As Gorse has it in a list for nobody in particular: whose feedback is left out.
std::optional<std::string> user_in_query(const Call& call) {
  const auto user = call.request.query_parameter("user-id");
  return user && !user->empty() ? decoded_name(*user, net::PlusSign::kSpace) : std::nullopt;
}

void respond_names(net::Exchange& exchange, const std::vector<std::string>& items) {
  std::string& body = exchange.scratch();
  JsonWriter json(body);
  json.begin_array();
  for (const std::string& item : items) json.value(item);
  json.end_array();
  respond_gorse(exchange, body);
}

std::vector<Recommended> newest_items(const RecsTables& tables, const Question& question) {
  Picker picker(tables, question);
  picker.take_newest();
  std::vector<Recommended> items = std::move(picker).picked();
  for (Recommended& item : items)
    item.score = static_cast<double>(tables.catalogue()[item.item].since.micros() / 1'000'000);
  return items;
}

}  // namespace

// With write-back-type what was recommended is fed back as such an event, at once.
void recommend_as_gorse(const Call& call, CompatCallers& callers, RecsCommands& commands, const Names& names,
                        const Freshness& freshness, AnswerIds& ids, const EventNames& events) {
  const auto actor = gorse_caller(call, callers);
  if (!actor || !gorse_has_caught_up(call, freshness)) return;
  const auto user = gorse_name(call, 0);
  if (!user) return;
  const auto question = gorse_question(call, *actor, 1, user, names);
  if (!question) return;
  const auto type = call.request.query_parameter("write-back-type").value_or("");
  if (!is_go_duration(call.request.query_parameter("write-back-delay").value_or("")))
    return respond_gorse_invalid(call.exchange, "write-back-delay is a time such as 1h30m");
  std::vector<std::string> items;
  RecordEvents command;
  give_answer(call.now, question->asked, names, freshness, ids, for_visitors,
              [&](const RecsTables& tables, const GivenAnswer& given) {
                for (const Recommended& one : behind(given, question->offset)) {
                  const std::string& name = items.emplace_back(tables.catalogue()[one.item].name);
                  command.rows.push_back({.kind = events.kind_of(type),
                                          .item = tables.catalogue().hash_of(one.item),
                                          .item_name = name,
                                          .user = *question->asked.user,
                                          .recommendation = given.id});
                  if (events.kind_of(type) == EventKind::kOther)
                    command.rows.back().more.emplace().word = EventNames::word_of(type);
                }
              });
  if (type.empty() || items.empty()) return respond_names(call.exchange, items);
  attribute(command.rows, ids.given());
  commands.ask(
      call, std::move(command),
      [items = std::move(items)](net::Exchange& exchange, const RecsMachine::Reply&) {
        respond_names(exchange, items);
      },
      respond_gorse_busy);
}

void recommend_gorse_session(const Call& call, CompatCallers& callers, const Names& names, const Freshness& freshness,
                             AnswerIds& ids, const EventNames& events) {
  const auto actor = gorse_caller(call, callers);
  if (!actor || !gorse_has_caught_up(call, freshness)) return;
  const auto texts = gorse_texts(call.request.body());
  if (!texts) return respond_gorse_invalid(call.exchange, texts.error().message);
  auto question = gorse_question(call, *actor, 0, std::nullopt, names);
  if (!question) return;
  std::vector<GorseFeedback> feedbacks;
  for (const std::string_view text : *texts) {
    auto feedback = read_gorse_feedback(text, events);
    if (!feedback) return respond_gorse_invalid(call.exchange, feedback.error().message);
    feedbacks.push_back(*std::move(feedback));
  }
  std::ranges::stable_sort(feedbacks, std::ranges::greater(), &GorseFeedback::at);
  feedbacks.resize(std::min(feedbacks.size(), kHistoryInRequestMax));
  for (const GorseFeedback& feedback : feedbacks) {
    question->asked.seen.push_back(names.item(feedback.item));
    if (feedback.kind == EventKind::kPurchase) question->asked.bought.push_back(names.item(feedback.item));
  }
  answer_scores(call, *question, names, freshness, ids, for_visitors);
}

void show_gorse_popular(const Call& call, CompatCallers& callers, const Names& names, const Freshness& freshness,
                        AnswerIds& ids) {
  const auto actor = gorse_caller(call, callers);
  if (!actor || !gorse_has_caught_up(call, freshness)) return;
  const auto question = gorse_question(call, *actor, 0, user_in_query(call), names);
  if (!question) return;
  answer_scores(call, *question, names, freshness, ids,
                [&](const RecsTables& tables, const Question& of) { return popular_for(question->asked, tables, of); });
}

void show_gorse_latest(const Call& call, CompatCallers& callers, const Names& names, const Freshness& freshness,
                       AnswerIds& ids) {
  const auto actor = gorse_caller(call, callers);
  if (!actor || !gorse_has_caught_up(call, freshness)) return;
  const auto question = gorse_question(call, *actor, 0, user_in_query(call), names);
  if (question) answer_scores(call, *question, names, freshness, ids, newest_items);
}

void show_gorse_neighbors(const Call& call, CompatCallers& callers, const Names& names, const Freshness& freshness,
                          AnswerIds& ids) {
  const auto actor = gorse_caller(call, callers);
  if (!actor || !gorse_has_caught_up(call, freshness)) return;
  const auto name = gorse_name(call, 0);
  if (!name) return;
  const auto question = gorse_question(call, *actor, 1, user_in_query(call), names);
  if (!question) return;
  answer_scores(call, *question, names, freshness, ids, [&](const RecsTables& tables, const Question& of) {
    const auto item = tables.catalogue().find(names.item(*name));
    return item ? similar(tables, *item, of) : std::vector<Recommended>();
  });
}

}  // namespace doorbuster::recs
