// Lists for the ranking of a session's candidates to learn from: what an index of earlier sessions offers for every
// prefix of later ones, and what came next.
#pragma once

#include <cstdint>
#include <vector>

#include "recs/models/item_lists.h"
#include "recs/models/ranking_network.h"
#include "recs/models/session_index.h"
#include "recs/models/session_model.h"

namespace doorbuster::recs {

struct TimedSessions {
  ItemLists sessions;  // in order of time
  std::vector<uint32_t> times;
};

// Sessions [begin, end).
struct SessionRange {
  size_t begin = 0, end = 0;
};

// A prefix of a session: its first `length` clicks; what came next is the click behind them.
struct SessionPrefix {
  uint32_t session;
  uint32_t length;
};

// At most `count` prefixes of these sessions, evenly spread, in order.
[[nodiscard]] std::vector<SessionPrefix> prefixes_of(const TimedSessions& sessions, SessionRange range, size_t count);

void add_sessions(SessionIndex& index, const TimedSessions& sessions, SessionRange range);
// For all of them.
[[nodiscard]] SessionIndexLimits limits_for(const TimedSessions& sessions, size_t items);

// A list of `candidates` for every prefix whose next item was among what is ranked: the best by the short list's order,
// and of the others some that stand for all of them. In order of the prefixes, whatever the number of threads.
[[nodiscard]] RankingLists make_lists(const SessionIndex& index, const TimedSessions& sessions,
                                      std::span<const SessionPrefix> prefixes, const SessionModelOptions& options,
                                      size_t candidates, uint32_t threads);

}  // namespace doorbuster::recs
