#include "cell/host.h"

#include "base/assert.h"

namespace doorbuster::cell {
namespace {

constexpr std::chrono::hours kUntilRung{1};

}  // namespace

void Host::add(CellRunner& cell) {
  ASSERT(!is_started_);
  cells_.push_back(&cell);
}

void Host::start(Threads threads) {
  ASSERT(!is_started_);
  is_started_ = true;
  threads_ = threads;
  for (CellRunner* cell : cells_) cell->open();
  if (threads == Threads::kNone) return;
  committer_thread_.start(
      "committer", Urgency::kWaitedFor, [this] { return committer_.round(); }, [] { return kUntilRung; });
  timekeeper_thread_.start(
      "timekeeper", Urgency::kWaitedFor, [this] { return timekeeper_.round(); },
      [this] { return timekeeper_.patience(); });
  saver_thread_.start(
      "snapshots", Urgency::kCanWait, [this] { return saver_.round(); }, [this] { return saver_.patience(); });
  recoverer_thread_.start(
      "recoverer", Urgency::kUsual, [this] { return recoverer_.round(); }, [this] { return recoverer_.patience(); });
}

// Who asks for something between turns first, as long as there are turns; who makes things durable last.
void Host::stop() {
  if (!is_started_) return;
  recoverer_thread_.stop();
  saver_thread_.stop();
  saver_.stop();
  for (CellRunner* cell : cells_) {
    while (!cell->try_close()) let_append();
  }
  timekeeper_thread_.stop();
  committer_thread_.stop();
  for (CellRunner* cell : cells_) cell->save_last_snapshot();
  is_started_ = false;
}

void Host::ask_timekeeper() {
  if (threads_ == Threads::kNone) {
    (void)timekeeper_.round();
  } else {
    timekeeper_thread_.ring();
  }
}

void Host::let_append() {
  if (threads_ == Threads::kNone) {
    (void)committer_.round();
  } else {
    std::this_thread::sleep_for(std::chrono::microseconds(100));
  }
}

}  // namespace doorbuster::cell
