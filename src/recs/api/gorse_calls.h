// The part of Gorse's REST API that its clients use (docs/recs/compatibility.md), for who changes to us with a program
// that exists: an endpoint of its own, in front of the same machine and the same recommendations. All of it is for
// operators, with X-API-Key.
#pragma once

#include <span>
#include <string_view>

#include "recs/api/recs_calls.h"

namespace doorbuster::recs {

// What clients are given as endpoint; they put /api behind it.
inline constexpr std::string_view kGorseEndpoint = "/api/v1/recs/gorse";
inline constexpr std::string_view kGorseItemsPath = "/api/v1/recs/gorse/api/items";
inline constexpr std::string_view kGorseUsersPath = "/api/v1/recs/gorse/api/users";
inline constexpr std::string_view kGorseFeedbackPath = "/api/v1/recs/gorse/api/feedback";

// gorse_items.cc
void put_gorse_items(const platform::Call& call, CompatCallers& callers, RecsCommands& commands, const Names& names);
void change_gorse_item(const platform::Call& call, CompatCallers& callers, RecsCommands& commands, const Names& names,
                       const Freshness& freshness);
void add_gorse_category(const platform::Call& call, CompatCallers& callers, RecsCommands& commands, const Names& names,
                        const Freshness& freshness);
void remove_gorse_category(const platform::Call& call, CompatCallers& callers, RecsCommands& commands,
                           const Names& names, const Freshness& freshness);
void remove_gorse_item(const platform::Call& call, CompatCallers& callers, RecsCommands& commands, const Names& names);
void show_gorse_item(const platform::Call& call, CompatCallers& callers, const Names& names,
                     const Freshness& freshness);
void list_gorse_items(const platform::Call& call, CompatCallers& callers, const Freshness& freshness);

// gorse_users.cc
void put_gorse_users(const platform::Call& call, CompatCallers& callers, RecsCommands& commands, const Names& names);
void change_gorse_user(const platform::Call& call, CompatCallers& callers, RecsCommands& commands, const Names& names,
                       const Freshness& freshness);
void remove_gorse_user(const platform::Call& call, CompatCallers& callers, RecsCommands& commands, const Names& names);
void show_gorse_user(const platform::Call& call, CompatCallers& callers, const Names& names,
                     const Freshness& freshness);

// gorse_feedback.cc
void add_gorse_feedback(const platform::Call& call, CompatCallers& callers, RecsCommands& commands, const Names& names,
                        const Freshness& freshness, const EventNames& events);
void show_gorse_feedback(const platform::Call& call, CompatCallers& callers, const Names& names,
                         const Freshness& freshness, const EventNames& events);
void remove_gorse_feedback(const platform::Call& call, CompatCallers& callers, RecsCommands& commands,
                           const Names& names, const Freshness& freshness, const EventNames& events);
void list_gorse_feedback(const platform::Call& call, CompatCallers& callers, const Names& names,
                         const Freshness& freshness, const EventNames& events);

// gorse_recommend.cc
void recommend_as_gorse(const platform::Call& call, CompatCallers& callers, RecsCommands& commands, const Names& names,
                        const Freshness& freshness, AnswerIds& ids, const EventNames& events);
void recommend_gorse_session(const platform::Call& call, CompatCallers& callers, const Names& names,
                             const Freshness& freshness, AnswerIds& ids, const EventNames& events);
void show_gorse_popular(const platform::Call& call, CompatCallers& callers, const Names& names,
                        const Freshness& freshness, AnswerIds& ids);
void show_gorse_latest(const platform::Call& call, CompatCallers& callers, const Names& names,
                       const Freshness& freshness, AnswerIds& ids);
void show_gorse_neighbors(const platform::Call& call, CompatCallers& callers, const Names& names,
                          const Freshness& freshness, AnswerIds& ids);

// What can't be answered here, as no names of users are kept (gorse_routes.cc).
void refuse_gorse_call(const platform::Call& call, CompatCallers& callers);

[[nodiscard]] std::span<const RecsRoute> gorse_routes();

}  // namespace doorbuster::recs
