// How long challenges keep their solvers busy. The solutions themselves cost us next to nothing (guard's
// ChallengeSolver), so that thousands of clients fit on the machine of the server: what they would have cost is waited.
//
// People solve on devices of their own. The bots of a stampede share so many cores, which work at native speed on one
// challenge after another: whoever comes when all are busy waits until one is free. A place that is due is worth more
// than one more place, so from the opening on half of them are kept for those who reserve.
#pragma once

#include <cstdint>
#include <queue>
#include <vector>

#include "base/time.h"

namespace doorbuster::stampede {

// So many derivations at so many a second.
[[nodiscard]] Duration working_time(uint32_t derivations, uint32_t derivations_per_second);

class SolverPool {
 public:
  SolverPool(uint32_t cores, uint32_t derivations_per_second, Timestamp opens_at);

  enum class For : bool { kPlace, kUnit };
  // When a challenge is solved that is given to the pool now.
  [[nodiscard]] Timestamp solve(uint32_t derivations, For what, Timestamp now);
  // How long the next one for a place would wait before anybody begins with it, beside those who reserve.
  [[nodiscard]] Duration backlog(Timestamp now) const;

  [[nodiscard]] uint64_t solved() const { return solved_; }
  // Core seconds, over all that was given to it.
  [[nodiscard]] Duration worked() const { return worked_; }

 private:
  using Cores = std::priority_queue<Timestamp, std::vector<Timestamp>, std::greater<>>;  // when each is free

  const uint32_t derivations_per_second_;
  const Timestamp opens_at_;
  Cores usual_;
  Cores kept_;  // empty where there is one core only
  uint64_t solved_ = 0;
  Duration worked_;
};

}  // namespace doorbuster::stampede
