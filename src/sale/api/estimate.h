// What can honestly be said to somebody in line: the odds of getting a unit, how long it may take, and when to ask
// again.
#pragma once

#include <cstdint>
#include <optional>

#include "sale/api/forecast.h"
#include "sale/machine/command.h"
#include "sale/machine/settings.h"
#include "sale/machine/status.h"

namespace doorbuster::sale {

struct Estimate {
  double odds = 0;  // in [0, 1]
  // Of those who stand there and are offered a unit, eight in ten wait for as long as from p10 to p90, which is no
  // wider than three times p50; half of them longer than p50.
  struct Wait {
    uint32_t p10_seconds = 0;
    uint32_t p50_seconds = 0;
    uint32_t p90_seconds = 0;
  };
  // Nothing if nobody can know: before a draw, to who is delayed, or where no unit was bought or given back yet.
  std::optional<Wait> wait;
  uint32_t next_poll_seconds = 1;
};

// For an entry that waits; for every other the odds are 1 or 0 and there is no wait.
//
// Odds of being offered a unit: of those who are, a share comes, and of those a share pays, as it was in this sale so
// far (four of five to begin with, so that the first few decide little). The units left are enough if fewer than that
// many of those ahead buy: the normal approximation, with what is not known of the shares in its variance. Of a safety
// net, whose places come back for ever, the odds are 1.
//
// Who is delayed stands behind all others who wait, or some more by the time they have a place.
//
// Wait: the sale is played through (forecast.h); `forecast` is of this status, or null: then it is made, as of a sale
// of which nothing but its present numbers is known. A safety net is served at the pace at which visits end.
//
// When to ask again: see poll_interval.h.
//
// `beacon`: the one that the sale's draw waits for. From the opening on there is nothing to ask before its round is
// public; at the opening everybody should see which list was closed.
[[nodiscard]] Estimate estimate(const EntryView& entry, const Settings& settings, const PublicStatus& status,
                                Timestamp now, const std::optional<Beacon>& beacon = {},
                                const Forecast* forecast = nullptr);

}  // namespace doorbuster::sale
