// What everybody in a simulated world shares: its time, its chance, its disk, and where broken promises are told.
#pragma once

#include "log/memory/simulated_disk.h"
#include "platform/views/folder_store.h"
#include "sim/plan.h"
#include "sim/simulated_files.h"
#include "sim/trace.h"

namespace doorbuster::sim {

struct Site {
  Site(const Plan& the_plan, TraceMode mode, size_t keep)
      : plan(the_plan),
        events(start_of_time()),
        clock(events),
        random(plan.seed * 2 + 1),
        disk({.seed = plan.seed * 2 + 2, .tear = plan.tear, .reorder = plan.reorder}),
        files(plan.seed * 2 + 6, disk),
        view_store(files.folder() / "views"),
        archive_store(files.folder() / "archive"),
        trace(events, mode, keep) {}

  const Plan plan;
  EventQueue events;
  WallClock clock;
  Prng random;
  log::SimulatedDisk disk;
  SimulatedFiles files;
  platform::FolderStore view_store;
  platform::FolderStore archive_store;
  Trace trace;
  Promises promises;
  bool calm = false;           // the quiet end: nothing goes wrong any more
  bool a_month_later = false;  // what is over is being archived
  // Of the logs' owners so far, by cell: as many as servers have that start now.
  std::vector<Epoch> newest_epochs = std::vector<Epoch>(plan.cells_at_first);
  Timestamp furthest;  // that a cell's time has come

  [[nodiscard]] uint32_t cells() const { return static_cast<uint32_t>(newest_epochs.size()); }
  [[nodiscard]] Duration up_to(Duration most) {
    return Duration::micros(static_cast<int64_t>(random.below(static_cast<uint64_t>(most.micros()) + 1)));
  }
  [[nodiscard]] Duration seconds_from_to(int64_t least, int64_t most) {
    return Duration::seconds(least) + up_to(Duration::seconds(most - least));
  }
  [[nodiscard]] bool unlucky(uint64_t one_in) { return !calm && one_in != 0 && random.chance(one_in); }
};

}  // namespace doorbuster::sim
