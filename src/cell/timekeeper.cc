#include "cell/timekeeper.h"

#include <algorithm>

#include "base/bug_zoo.h"
#include "cell/runner.h"

namespace doorbuster::cell {

// Whoever is at a cell does what is due, and looks again when they leave.
bool Timekeeper::round() {
  const int64_t now = clock_.now().micros();
  bool any = false;
  for (CellRunner* cell : cells_) {
    if (cell->busy_.load(std::memory_order_seq_cst)) continue;
    const bool is_due = cell->due_micros_.load(std::memory_order_seq_cst) <= now;
    if (!is_due && !cell->asked_.load(std::memory_order_seq_cst)) continue;
    cell->drive(CellRunner::kTurnsOfTimekeeper);
    any = true;
  }
  return any;
}

int64_t Timekeeper::earliest() const {
  int64_t due = INT64_MAX;
  for (const CellRunner* cell : cells_) {
    if (!cell->busy_.load(std::memory_order_seq_cst)) {
      due = std::min(due, cell->due_micros_.load(std::memory_order_seq_cst));
    }
    if (bug_planted(Bug::kTimersOfOneCell)) break;
  }
  return due;
}

// The clock may be set while we sleep: that is noticed after a while.
std::chrono::microseconds Timekeeper::patience() {
  constexpr int64_t kLongest = 100'000;
  int64_t due = 0;
  do {
    due = earliest();
    asleep_until_.store(due, std::memory_order_seq_cst);
  } while (earliest() < due);
  return std::chrono::microseconds(std::clamp<int64_t>(due - clock_.now().micros(), 0, kLongest));
}

}  // namespace doorbuster::cell
