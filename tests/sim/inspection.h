// What a world's own papers say about it: the log read from scratch, the state, the views, and the bank's books.
#pragma once

#include "sim/log_reading.h"
#include "sim/server.h"

namespace doorbuster::sim {

// The server's state is what its logs say, with and without the snapshot, byte for byte.
void inspect_replay(Site& site, LogReadings& readings, const Server& server);

// The logs alone, event by event, by the plainest bookkeeping there is.
void inspect_logs(Site& site, LogReadings& readings);

// The lines of the logs alone, and what the server's state says of them. All that it has decided is durable.
void inspect_lines(LogReadings& readings, const Server& server);

// Views that followed live are those that are built anew. The server has followed to the end.
void inspect_views(Site& site, const Server& server);

// At a quiet end: no money without a unit or a refund, no unit without money, nothing in between.
void inspect_money(Site& site, const CellStates& states, const Bank& bank);
void inspect_rest(Site& site, Server& server);

}  // namespace doorbuster::sim
