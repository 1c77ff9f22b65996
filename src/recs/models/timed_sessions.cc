#include "recs/models/timed_sessions.h"

#include <algorithm>

#include "recs/models/session_index.h"

namespace doorbuster::recs {

std::vector<SessionPrefix> prefixes_of(const TimedSessions& sessions, SessionRange range, size_t count) {
  const auto each = [&](auto&& visit) {
    for (size_t s = range.begin; s < range.end; ++s)
      for (uint32_t length = 1; length < std::min(sessions.sessions[s].size(), kSessionClicksMax); ++length)
        visit(SessionPrefix{.session = static_cast<uint32_t>(s), .length = length});
  };
  size_t all = 0;
  each([&](SessionPrefix) { ++all; });
  std::vector<SessionPrefix> prefixes;
  size_t seen = 0;
  each([&](SessionPrefix prefix) {
    // Of `all`, those at which the share that was taken would else fall behind.
    if (++seen * std::min(count, all) >= (prefixes.size() + 1) * all) prefixes.push_back(prefix);
  });
  return prefixes;
}

}  // namespace doorbuster::recs
