// Sees to it that no cell sleeps through what is due, and takes up what clients have asked and left undone.
#pragma once

#include <atomic>
#include <chrono>
#include <vector>

#include "base/time.h"

namespace doorbuster::cell {

class CellRunner;

class Timekeeper {
 public:
  Timekeeper(const Clock& clock, const std::vector<CellRunner*>& cells) : clock_(clock), cells_(cells) {}

  // Drives every cell that needs it and that nobody is at. Returns whether there was one.
  bool round();

  // How long it may sleep. Whoever makes that shorter afterwards has to ring (is_late()).
  [[nodiscard]] std::chrono::microseconds patience();
  // Any thread, after it has published when its cell is due next: whether the timekeeper sleeps for too long.
  [[nodiscard]] bool is_late(int64_t due_micros) const {
    return due_micros < asleep_until_.load(std::memory_order_seq_cst);
  }

 private:
  [[nodiscard]] int64_t earliest() const;

  const Clock& clock_;
  const std::vector<CellRunner*>& cells_;
  std::atomic<int64_t> asleep_until_{INT64_MAX};
};

}  // namespace doorbuster::cell
