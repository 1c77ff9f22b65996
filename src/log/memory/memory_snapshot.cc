#include <algorithm>
#include <string>

#include "base/bug_zoo.h"
#include "log/memory/memory_log.h"
#include "log/snapshot_codec.h"

namespace doorbuster::log {
namespace {

RecordName snapshot_name(CellId cell) { return {.kind = RecordKind::kSnapshot, .cell = cell}; }
RecordName aside_name(CellId cell) { return {.kind = RecordKind::kSnapshotAside, .cell = cell}; }

// Two owners never write one draft.
RecordName draft_name(CellId cell, Epoch epoch) {
  if (bug_planted(Bug::kSnapshotNotAtomic)) return snapshot_name(cell);
  return {.kind = RecordKind::kSnapshotDraft, .cell = cell, .number = epoch.value()};
}

tl::unexpected<Error> another_owns() {
  return fail(ErrorCode::kFenced, "a newer epoch owns the log: its owner makes the snapshots now");
}

Result<void> done(CellId cell, DiskResult result) {
  if (result == DiskResult::kOff) return powered_off();
  if (result != DiskResult::kDone) return disk_error(cell, "saving a snapshot");
  return {};
}

class CopyInMemory final : public StoredBytes {
 public:
  explicit CopyInMemory(std::vector<std::byte> bytes) : bytes_(std::move(bytes)) {}

  Result<size_t> read_at(uint64_t offset, std::span<std::byte> out) override {
    const Bytes left = Bytes(bytes_).subspan(std::min<uint64_t>(offset, bytes_.size()));
    const size_t count = std::min(left.size(), out.size());
    std::ranges::copy(left.first(count), out.begin());
    return count;
  }

 private:
  const std::vector<std::byte> bytes_;
};

}  // namespace

// A snapshot that is being written: a record of its own until it takes the name of the one before it.
class MemoryLog::Draft final : public SnapshotWriter {
 public:
  Draft(MemoryLog& log, const Lease& lease)
      : log_(log),
        disk_(log.disk_),
        cell_(lease.cell),
        epoch_(lease.epoch),
        name_(draft_name(lease.cell, lease.epoch)),
        losses_at_begin_(disk_.losses()) {}

  ~Draft() override {
    const auto lock = disk_.exclusive();
    const bool is_left = !committed_ && name_.kind == RecordKind::kSnapshotDraft && disk_.read(name_).has_value();
    if (is_left) (void)disk_.erase(name_);
  }

  Result<void> begin(const SnapshotHead& head) { return done(cell_, disk_.write(name_, encoder_.header(cell_, head))); }
  Result<void> add(Bytes part) override { return done(cell_, disk_.append(name_, encoder_.part(part))); }

  Result<void> commit() override {
    ASSERT(!committed_);
    const auto lock = disk_.exclusive();
    TRY(done(cell_, disk_.append(name_, encoder_.end())));
    TRY(done(cell_, disk_.sync()));
    if (disk_.losses() != losses_at_begin_) return disk_error(cell_, "saving a snapshot, of which a part was lost,");
    if (!log_.owns(cell_, epoch_)) return another_owns();
    committed_ = true;
    if (name_.kind != RecordKind::kSnapshotDraft) return {};
    TRY(done(cell_, disk_.rename(name_, snapshot_name(cell_))));
    return done(cell_, disk_.sync());
  }

 private:
  MemoryLog& log_;
  SimulatedDisk& disk_;
  const CellId cell_;
  const Epoch epoch_;
  const RecordName name_;
  const uint64_t losses_at_begin_;
  SnapshotEncoder encoder_;
  bool committed_ = false;
};

Result<std::unique_ptr<SnapshotWriter>> MemoryLog::write_snapshot(const Lease& lease, const SnapshotHead& head) {
  const auto lock = disk_.exclusive();
  if (disk_.crashed()) return powered_off();
  if (!owns(lease.cell, lease.epoch)) return another_owns();
  ASSERT(place_of(head, lease.cell, batch_at_or_before(lease.cell, head.at)) == SnapshotPlace::kEndOfABatch);
  auto draft = std::make_unique<Draft>(*this, lease);
  TRY(draft->begin(head));
  return draft;
}

Result<std::unique_ptr<SnapshotReader>> MemoryLog::read_snapshot(CellId cell) {
  const auto lock = disk_.exclusive();
  if (disk_.crashed()) return powered_off();
  auto stored = disk_.read(snapshot_name(cell));
  if (!stored) return nullptr;
  auto reader = TRY(decode_snapshot(cell, std::make_unique<CopyInMemory>(std::move(*stored))));
  const auto place = place_of(reader->head(), cell, batch_at_or_before(cell, reader->head().at));
  if (place != SnapshotPlace::kAnotherLog) return reader;
  return wrong_place(reader->head());
}

Result<void> MemoryLog::set_aside_snapshot(CellId cell, std::string_view why) {
  const auto lock = disk_.exclusive();
  if (disk_.crashed()) return powered_off();
  if (!disk_.read(snapshot_name(cell))) return {};
  TRY(done(cell, disk_.rename(snapshot_name(cell), aside_name(cell))));
  TRY(done(cell, disk_.sync()));
  if (report_) report_(describe_set_aside(cell, why, "the simulated disk's record for it"));
  return {};
}

// What an owner that ended while it wrote a snapshot has left.
Result<void> MemoryLog::remove_drafts(CellId cell) {
  const auto is_draft = [&](const std::optional<RecordName>& name) {
    return name && name->kind == RecordKind::kSnapshotDraft && name->cell == cell;
  };
  const RecordName first{.kind = RecordKind::kSnapshotDraft, .cell = cell};
  for (auto draft = disk_.at_or_after(first); is_draft(draft); draft = disk_.at_or_after(first)) {
    const DiskResult erased = disk_.erase(*draft);
    if (erased == DiskResult::kOff) return powered_off();
    if (erased != DiskResult::kDone) break;  // it takes up some room, and no more
  }
  return {};
}

}  // namespace doorbuster::log
