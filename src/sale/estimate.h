// What can honestly be said to somebody in line: the odds of getting a unit, how long it may take, and when to ask
// again.
#pragma once

#include <cstdint>
#include <optional>

#include "sale/machine/command.h"
#include "sale/machine/settings.h"
#include "sale/machine/status.h"

namespace doorbuster::sale {

struct Estimate {
  double odds = 0;  // in [0, 1]
  struct Wait {
    uint32_t p50_seconds = 0;
    uint32_t p90_seconds = 0;
  };
  std::optional<Wait> wait;  // nothing if nobody can know: before a draw, or no unit was bought or given back yet
  uint32_t next_poll_seconds = 1;
};

// For an entry that waits; for every other the odds are 1 or 0 and there is no wait.
//
// Odds: of those ahead a share c takes its unit in the end, c from what offers have come to so far (Laplace's rule of
// succession, so that the first few decide little). The units left are enough if fewer than that many of those ahead
// buy: the normal approximation to the binomial. Wait: offers go out at the outflow, or, without one, at the pace of
// this sale so far; p90 is widened by what is not known of c.
[[nodiscard]] Estimate estimate(const EntryView& entry, const Settings& settings, const PublicStatus& status,
                                Timestamp now);

}  // namespace doorbuster::sale
