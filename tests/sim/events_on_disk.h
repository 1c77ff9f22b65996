// The log of a cell on a simulated disk, event by event, as anybody can read it who has the disk.
#pragma once

#include "cell/frames.h"
#include "log/memory/memory_log.h"
#include "sale/machine/events.h"
#include "sim/site.h"

namespace doorbuster::sim {

// Calls hear(event, at) for each, from the first on.
template <class Hear>
void for_each_event_on_disk(Site& site, CellId cell, Hear&& hear) {
  log::MemoryLog log(site.disk);
  const auto read = log.read(cell, Sequence(1), [&](const log::Batch& batch) {
    const auto heard = cell::for_each_frame(batch.payload, [&](Timestamp at, uint32_t, Bytes events) {
      return sale::for_each_event(events, [&](const auto& event) { hear(event, at); });
    });
    if (!heard) site.promises.breaks("the log holds what is no event: " + heard.error().message);
    return heard.has_value();
  });
  if (!read) site.promises.breaks("the log can't be read: " + read.error().message);
}

}  // namespace doorbuster::sim
