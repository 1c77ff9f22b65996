// Lists for the ranking of a session's candidates to learn from: what an index of earlier sessions offers for every
// prefix of later ones, and what came next.
#pragma once

#include <cstdint>
#include <span>
#include <stop_token>

#include "recs/models/ranking_network.h"
#include "recs/models/session_index.h"
#include "recs/models/session_model.h"
#include "recs/models/timed_sessions.h"

namespace doorbuster::recs {

void add_sessions(SessionIndex& index, const TimedSessions& sessions, SessionRange range);
// For all of them.
[[nodiscard]] SessionIndexLimits limits_for(const TimedSessions& sessions, size_t items);

// Appends a list of candidates for every prefix whose next item was among what is ranked: the best by the short list's
// order, and of the others some that stand for all of them. In order of the prefixes, whatever the number of threads.
// `stop` ends it early, with fewer lists.
void make_lists(const SessionIndex& index, const TimedSessions& sessions, std::span<const SessionPrefix> prefixes,
                const SessionModel& model, uint32_t threads, RankingLists& lists, const std::stop_token& stop = {});

}  // namespace doorbuster::recs
