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
// Odds of being offered a unit: of those who are, a share comes, and of those a share pays, as it was in this sale so
// far (four of five to begin with, so that the first few decide little). The units left are enough if fewer than that
// many of those ahead buy: the normal approximation, with what is not known of the shares in its variance. Of a safety
// net, whose places come back for ever, the odds are 1.
//
// Wait: who waits is served at the outflow, and beyond it by as many as did not come; where there is no outflow, or no
// unit is left, at the pace at which units come back. p90 is widened by what is not known.
//
// When to ask again: see poll_interval.h.
//
// `beacon`: the one that the sale's draw waits for. From the opening on there is nothing to ask before its round is
// public; at the opening everybody should see which list was closed.
[[nodiscard]] Estimate estimate(const EntryView& entry, const Settings& settings, const PublicStatus& status,
                                Timestamp now, const std::optional<Beacon>& beacon = {});

}  // namespace doorbuster::sale
