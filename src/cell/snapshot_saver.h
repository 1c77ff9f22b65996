// Writes snapshots of cells that go on deciding: a part is taken between two turns, and written here.
//
// One part of a snapshot is in memory at a time, and one thread writes those of all cells, a part of each in turn. It
// waits for nobody's append, and no append and no turn waits for it, however long the store takes for a part.
#pragma once

#include <chrono>
#include <memory>
#include <vector>

#include "cell/any_cell.h"

namespace doorbuster::cell {

class CellRunner;

// One snapshot on its way.
class SnapshotTask {
 public:
  SnapshotTask(CellRunner& cell, SnapshotToWrite what) : cell_(cell), what_(std::move(what)) {}

  // Writes a part, or the end. False: it is over, one way or another.
  [[nodiscard]] bool step();

 private:
  [[nodiscard]] Result<SnapshotPart> write_part();
  void finish(const Result<void>& written);

  CellRunner& cell_;
  const SnapshotToWrite what_;
  std::unique_ptr<log::SnapshotWriter> writer_;
  std::vector<std::byte> part_;
};

class SnapshotSaver {
 public:
  explicit SnapshotSaver(const std::vector<CellRunner*>& cells) : cells_(cells) {}

  // A part of each snapshot that is under way. Returns whether there is more to do at once; between two parts there is
  // a pause, so that a cell has most of its time for those who ask.
  bool round();
  [[nodiscard]] std::chrono::microseconds patience() const;

  // Those under way are given up.
  void stop() { tasks_.clear(); }
  [[nodiscard]] bool is_idle() const { return tasks_.empty(); }

 private:
  const std::vector<CellRunner*>& cells_;
  std::vector<std::unique_ptr<SnapshotTask>> tasks_;
};

}  // namespace doorbuster::cell
