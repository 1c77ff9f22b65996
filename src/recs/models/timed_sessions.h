// Sessions that ended, in order of time, and the prefixes of them that models learn from.
#pragma once

#include <cstdint>
#include <vector>

#include "recs/models/item_lists.h"

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

}  // namespace doorbuster::recs
