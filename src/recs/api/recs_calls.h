// The calls of recommendations (docs/recs/README.md): events in, the catalogue in, recommendations out.
#pragma once

#include <span>
#include <string>

#include "net/text.h"
#include "platform/api/parts.h"
#include "recs/api/answer_ids.h"
#include "recs/api/answers.h"
#include "recs/api/compat_callers.h"
#include "recs/api/recs_callers.h"
#include "recs/api/recs_commands.h"
#include "recs/machine/event_names.h"
#include "recs/training/trainer.h"

namespace doorbuster::recs {

// /api/v1/recs/events (event_calls.cc)
void record_events(const platform::Call& call, RecsCallers& callers, RecsCommands& commands, const Names& names,
                   const AnswerIds& ids);

// /api/v1/recs/items (item_calls.cc)
void put_item(const platform::Call& call, RecsCallers& callers, RecsCommands& commands, const Names& names);
void put_items(const platform::Call& call, RecsCallers& callers, RecsCommands& commands, const Names& names);
void change_item(const platform::Call& call, RecsCallers& callers, RecsCommands& commands, const Names& names);
void show_item(const platform::Call& call, RecsCallers& callers, const Names& names, const Freshness& freshness);
void remove_item(const platform::Call& call, RecsCallers& callers, RecsCommands& commands, const Names& names);

// /api/v1/recs/users (user_calls.cc)
void put_user(const platform::Call& call, RecsCallers& callers, RecsCommands& commands, const Names& names);
void show_user(const platform::Call& call, RecsCallers& callers, const Names& names, const Freshness& freshness);
void forget_user(const platform::Call& call, RecsCallers& callers, RecsCommands& commands, const Names& names);

// /api/v1/recs/rules, /surfaces and /experiments (document_calls.cc)
void put_rule(const platform::Call& call, RecsCallers& callers, RecsCommands& commands);
void remove_rule(const platform::Call& call, RecsCallers& callers, RecsCommands& commands);
void list_rules(const platform::Call& call, RecsCallers& callers, const Freshness& freshness);
void put_surface(const platform::Call& call, RecsCallers& callers, RecsCommands& commands);
void remove_surface(const platform::Call& call, RecsCallers& callers, RecsCommands& commands);
void list_surfaces(const platform::Call& call, RecsCallers& callers, const Freshness& freshness);
void put_experiment(const platform::Call& call, RecsCallers& callers, RecsCommands& commands);
void show_experiment(const platform::Call& call, RecsCallers& callers, const Freshness& freshness);
void remove_experiment(const platform::Call& call, RecsCallers& callers, RecsCommands& commands);
void list_experiments(const platform::Call& call, RecsCallers& callers, const Freshness& freshness);

// What came of what was shown (report_calls.cc)
void report_surface(const platform::Call& call, RecsCallers& callers, const Freshness& freshness);
void report_experiment(const platform::Call& call, RecsCallers& callers, const Freshness& freshness);

// /api/v1/recs/personalize/filters (document_calls.cc) and /credentials (personalize_routes.cc)
void put_filter(const platform::Call& call, RecsCallers& callers, RecsCommands& commands, const EventNames& events);
void remove_filter(const platform::Call& call, RecsCallers& callers, RecsCommands& commands);
void list_filters(const platform::Call& call, RecsCallers& callers, const Freshness& freshness);
void give_signing_credentials(const platform::Call& call, CompatCallers& callers);

// What is recommended (recommend_calls.cc)
void show_also_bought(const platform::Call& call, RecsCallers& callers, const Names& names, const Freshness& freshness,
                      AnswerIds& ids);
void show_also_viewed(const platform::Call& call, RecsCallers& callers, const Names& names, const Freshness& freshness,
                      AnswerIds& ids);
void show_similar(const platform::Call& call, RecsCallers& callers, const Names& names, const Freshness& freshness,
                  AnswerIds& ids);
void show_recommendations(const platform::Call& call, RecsCallers& callers, const Names& names,
                          const Freshness& freshness, AnswerIds& ids);
void show_many_recommendations(const platform::Call& call, RecsCallers& callers, const Names& names,
                               const Freshness& freshness, AnswerIds& ids);
void rank_items(const platform::Call& call, RecsCallers& callers, const Names& names, const Freshness& freshness,
                AnswerIds& ids);
void explain_answer(const platform::Call& call, RecsCallers& callers, const Freshness& freshness, const AnswerIds& ids);
void show_popular(const platform::Call& call, RecsCallers& callers, const Names& names, const Freshness& freshness,
                  AnswerIds& ids);
void show_trending(const platform::Call& call, RecsCallers& callers, const Names& names, const Freshness& freshness,
                   AnswerIds& ids);

// /api/v1/recs/usage (usage_calls.cc)
void show_usage(const platform::Call& call, RecsCallers& callers, const Freshness& freshness, const AnswerIds& ids);

// /api/v1/recs/models (model_calls.cc)
void list_models(const platform::Call& call, RecsCallers& callers, const Trainer& trainer);
void train_models(const platform::Call& call, RecsCallers& callers, Trainer& trainer);
void activate_model(const platform::Call& call, RecsCallers& callers, Trainer& trainer);

// Where a request may be larger than others.
inline constexpr std::string_view kEventsPath = "/api/v1/recs/events";
inline constexpr std::string_view kItemsPath = "/api/v1/recs/items:batch";
inline constexpr std::string_view kRankPath = "/api/v1/recs/rank";
inline constexpr std::string_view kQuestionsPath = "/api/v1/recs/recommendations:batch";
inline constexpr uint32_t kEventsBytesMax = 1 << 20;
inline constexpr uint32_t kItemsBytesMax = 4 << 20;
inline constexpr uint32_t kQuestionsBytesMax = 1 << 20;
inline constexpr size_t kQuestionsMax = 100;

// --- For the calls. ---

// The parameter of the path with that index as a name; answers 400 and returns nothing if it is none.
[[nodiscard]] std::optional<std::string> name_in_path(const platform::Call& call, size_t index);
// What stands in a path or a query, decoded: nothing if it is no name.
[[nodiscard]] std::optional<std::string> decoded_name(std::string_view encoded, net::PlusSign plus);
// A text in the query, decoded: nothing if it is not there. Answers 400 and sets `is_wrong` if it can't be read.
[[nodiscard]] std::optional<std::string> text_in_query(const platform::Call& call, std::string_view name,
                                                       bool& is_wrong);
// Whether all that was durable at the start is in the tables; answers 503 otherwise.
[[nodiscard]] bool has_caught_up(const platform::Call& call, const platform::Follower& follower);
void respond_item_missing(net::Exchange& exchange, std::string_view instance);
void respond_document_missing(net::Exchange& exchange, std::string_view instance);
void respond_user_missing(net::Exchange& exchange, std::string_view instance);
// 409: there is no room for more.
void respond_no_room(net::Exchange& exchange, std::string_view instance);

using RecsParts = platform::Parts<RecsCallers, RecsCommands, const Names, const Freshness, AnswerIds, CompatCallers,
                                  const EventNames, Trainer>;
using RecsRoute = platform::Route<RecsParts>;
[[nodiscard]] std::span<const RecsRoute> recs_routes();
// Their paths, each once, of the calls that pages of any origin may make.
[[nodiscard]] std::vector<std::string_view> paths_of_pages();

}  // namespace doorbuster::recs
