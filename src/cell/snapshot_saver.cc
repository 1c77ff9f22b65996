#include "cell/snapshot_saver.h"

#include <algorithm>

#include "cell/runner.h"

namespace doorbuster::cell {
namespace {

// A part takes about 100 us at the cell: at most a sixth of its time.
constexpr std::chrono::microseconds kBetweenParts{500};

}  // namespace

bool SnapshotTask::step() {
  const auto part = write_part();
  if (part && *part == SnapshotPart::kAdded) return true;
  if (part && *part == SnapshotPart::kGone) return false;
  finish(part ? writer_->commit() : tl::unexpected(part.error()));
  return false;
}

Result<SnapshotPart> SnapshotTask::write_part() {
  if (writer_ == nullptr) writer_ = TRY(cell_.cell_.log().write_snapshot(what_.lease, what_.head));
  SnapshotPart got = SnapshotPart::kGone;
  part_.clear();
  cell_.between_turns([&] { got = cell_.cell_.save_part(what_.number, part_); });
  if (got == SnapshotPart::kAdded) TRY(writer_->add(part_));
  return got;
}

// A fence is said where it is met, by the append.
void SnapshotTask::finish(const Result<void>& written) {
  writer_.reset();
  const auto end = written ? SnapshotEnd::kSaved : SnapshotEnd::kFailed;
  cell_.between_turns([&] {
    cell_.cell_.finish_snapshot(what_.number, end);
    (written ? cell_.probe_.snapshots : cell_.probe_.snapshots_failed).add();
  });
  if (written || written.error().code == ErrorCode::kFenced) return;
  cell_.trouble("the snapshot could not be saved; the log alone is enough to start again: " + written.error().message);
}

bool SnapshotSaver::round() {
  for (CellRunner* cell : cells_) {
    if (!cell->wants_snapshot_written_.exchange(false, std::memory_order_acq_rel)) continue;
    std::optional<SnapshotToWrite> what;
    cell->between_turns([&] { what = cell->cell_.snapshot_to_write(); });
    if (what) tasks_.push_back(std::make_unique<SnapshotTask>(*cell, std::move(*what)));
  }
  std::erase_if(tasks_, [](const auto& task) { return !task->step(); });
  return false;
}

std::chrono::microseconds SnapshotSaver::patience() const {
  return tasks_.empty() ? std::chrono::microseconds(std::chrono::seconds(3'600)) : kBetweenParts;
}

}  // namespace doorbuster::cell
