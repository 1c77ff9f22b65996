// The part of Amazon Personalize's API by which events come in and recommendations go out (personalize-events,
// personalize-runtime; docs/recs/compatibility.md), for who changes to us with a program that exists: an endpoint of
// its own, in front of the same machine and the same recommendations. All of it is for operators, signed.
#pragma once

#include "recs/api/recs_calls.h"

namespace doorbuster::recs {

// What clients are given as endpoint.
inline constexpr std::string_view kPersonalizeEndpoint = "/api/v1/recs/personalize";
inline constexpr std::string_view kPutEventsPath = "/api/v1/recs/personalize/events";
inline constexpr std::string_view kPutItemsPath = "/api/v1/recs/personalize/items";
inline constexpr std::string_view kPutUsersPath = "/api/v1/recs/personalize/users";

void put_personalize_events(const platform::Call& call, CompatCallers& callers, RecsCommands& commands,
                            const Names& names, const Freshness& freshness, const AnswerIds& ids,
                            const EventNames& events);
void put_personalize_items(const platform::Call& call, CompatCallers& callers, RecsCommands& commands,
                           const Names& names, const Freshness& freshness);
void put_personalize_users(const platform::Call& call, CompatCallers& callers, RecsCommands& commands,
                           const Names& names, const Freshness& freshness);
void get_personalize_recommendations(const platform::Call& call, CompatCallers& callers, const Names& names,
                                     const Freshness& freshness, AnswerIds& ids, const EventNames& events);
void get_personalized_ranking(const platform::Call& call, CompatCallers& callers, const Names& names,
                              const Freshness& freshness, AnswerIds& ids, const EventNames& events);

[[nodiscard]] std::span<const RecsRoute> personalize_routes();

}  // namespace doorbuster::recs
