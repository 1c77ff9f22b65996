#include "log/memory/memory_log.h"

#include <algorithm>
#include <limits>
#include <string>

#include "base/bug_zoo.h"

namespace doorbuster::log {
namespace {

constexpr uint64_t kMarkSlots = 2;  // written in turn, so that a torn mark leaves the one before it

RecordName batch_name(CellId cell, Sequence first) {
  return {.kind = RecordKind::kBatch, .cell = cell, .number = first.value()};
}
RecordName owner_name(CellId cell, Epoch epoch) {
  return {.kind = RecordKind::kOwner, .cell = cell, .number = epoch.value()};
}
RecordName mark_name(CellId cell, uint64_t slot) { return {.kind = RecordKind::kMark, .cell = cell, .number = slot}; }

bool is_batch_of(CellId cell, const std::optional<RecordName>& name) {
  return name && name->kind == RecordKind::kBatch && name->cell == cell;
}

// A log that acknowledges too early also shows too early.
std::optional<std::vector<std::byte>> durable_bytes(const SimulatedDisk& disk, RecordName name) {
  return bug_planted(Bug::kAcknowledgeBeforeSync) ? disk.read(name) : disk.read_synced(name);
}

}  // namespace

tl::unexpected<Error> disk_error(CellId cell, const std::string& doing) {
  return fail(ErrorCode::kIo, "cell " + std::to_string(cell.value()) + ": the simulated disk failed while " + doing);
}

tl::unexpected<Error> powered_off() { return fail(ErrorCode::kUnavailable, "the simulated disk has no power"); }

void MemoryLog::crash() {
  const auto lock = disk_.exclusive();
  disk_.crash();
  disk_.restart();
}

Result<Lease> MemoryLog::open(CellId cell, const Opener& opener) {
  const auto lock = disk_.exclusive();
  if (disk_.crashed()) return powered_off();
  TRY(check_kind(cell, kind_of(cell), opener.kind));
  const std::optional<Mark> mark = TRY(find_mark(cell));
  const ChainReader end = TRY(recover(cell, mark));
  const Epoch newest = std::max(end.epoch(), mark ? mark->epoch : Epoch());
  const Lease lease{
      .cell = cell, .epoch = Epoch(newest.value() + 1), .tail = end.last(), .chain = end.chain(), .kind = opener.kind};
  TRY(become_owner({.cell = cell, .epoch = lease.epoch, .tail = lease.tail, .chain = lease.chain}, opener));
  TRY(remove_drafts(cell));
  return lease;
}

// Reads every batch. The first that is not whole ends the log if it was never synced; below the mark it is damage.
Result<ChainReader> MemoryLog::recover(CellId cell, const std::optional<Mark>& mark) {
  const Sequence marked = mark ? mark->tail : Sequence();
  ChainReader reader(cell);
  while (true) {
    const auto name = disk_.at_or_after(batch_name(cell, reader.last() + 1));
    if (!is_batch_of(cell, name)) break;
    const Result<StoredBatch> found = reader.accept(*disk_.read(*name));
    if (!found && reader.last() < marked) return tl::unexpected(found.error());
    if (!found) break;
    if (reader.last() == marked && reader.chain() != mark->chain) {
      return wrong_batch(cell, found->batch.first,
                         {ErrorCode::kCorrupt, "the high-water mark has another chain for it"});
    }
  }
  if (reader.last() < marked) return lost_tail(*mark, reader.last(), "Restore the simulated disk.");
  TRY(drop_torn_tail(cell, reader.last() + 1));
  return reader;
}

Result<void> MemoryLog::drop_torn_tail(CellId cell, Sequence from) {
  while (true) {
    const auto name = disk_.at_or_after(batch_name(cell, from));
    if (!is_batch_of(cell, name)) return {};
    if (disk_.erase(*name) != DiskResult::kDone) return disk_error(cell, "dropping a torn batch");
  }
}

// What was recovered may be unsynced yet (an append that was kUnknown): it must be durable before a mark says so.
Result<void> MemoryLog::become_owner(const Mark& mark, const Opener& opener) {
  const DiskResult named = disk_.write(owner_name(mark.cell, mark.epoch), encode_owner(opener));
  if (named != DiskResult::kDone) return disk_error(mark.cell, "writing who opens it");
  if (disk_.sync() != DiskResult::kDone) return disk_error(mark.cell, "making durable what was found");
  if (write_mark(mark) != DiskResult::kDone) return disk_error(mark.cell, "writing the new epoch");
  if (disk_.sync() != DiskResult::kDone) return disk_error(mark.cell, "making the new epoch durable");
  return {};
}

// Each opening has a record of its own, so that a torn one never hides the one before it.
std::optional<OwnerRecord> MemoryLog::newest_owner(CellId cell, Epoch at_most) const {
  for (auto name = disk_.at_or_before(owner_name(cell, at_most)); name;) {
    if (name->kind != RecordKind::kOwner || name->cell != cell) return std::nullopt;
    const auto bytes = disk_.read(*name);
    if (auto owner = decode_owner(*bytes)) return owner;
    if (name->number == 0) return std::nullopt;
    name = disk_.at_or_before(owner_name(cell, Epoch(name->number - 1)));
  }
  return std::nullopt;
}

// As the last batch says, or who opened it; not said if there is neither.
MachineKind MemoryLog::kind_of(CellId cell) const {
  const auto last = batch_at_or_before(cell, Sequence(std::numeric_limits<uint64_t>::max()));
  if (const auto end = ChainReader::behind(cell, last)) return end->kind();
  const auto owner = newest_owner(cell, Epoch(std::numeric_limits<uint64_t>::max()));
  return owner ? owner->kind : MachineKind();
}

Result<std::vector<CellRow>> MemoryLog::cells() {
  const auto lock = disk_.exclusive();
  if (disk_.crashed()) return powered_off();
  std::vector<CellRow> rows;
  auto name = disk_.at_or_after(mark_name(CellId(0), 0));
  while (name && name->kind == RecordKind::kMark) {
    rows.push_back(TRY(row_of(name->cell)));
    if (name->cell.value() == std::numeric_limits<uint32_t>::max()) break;
    name = disk_.at_or_after(mark_name(CellId(name->cell.value() + 1), 0));
  }
  return rows;
}

Result<CellRow> MemoryLog::row_of(CellId cell) const {
  const std::optional<Mark> mark = TRY(find_mark(cell));
  const auto owner = newest_owner(cell, mark ? mark->epoch : Epoch());
  CellRow row{.cell = cell, .epoch = mark ? mark->epoch : Epoch(), .tail = {}, .kind = {}, .owner = ""};
  if (owner) row.kind = owner->kind;
  if (owner) row.owner = owner->owner;
  // What is not whole and lies above the mark was never synced: the next opening drops it.
  const Sequence marked = mark ? mark->tail : Sequence();
  auto name = disk_.at_or_before(batch_name(cell, Sequence(std::numeric_limits<uint64_t>::max())));
  while (is_batch_of(cell, name)) {
    const auto end = ChainReader::behind(cell, *disk_.read(*name));
    if (!end && name->number <= marked.value()) return tl::unexpected(end.error());
    if (end) {
      row.tail = end->last();
      row.kind = end->kind();
      return row;
    }
    name = disk_.at_or_before(batch_name(cell, Sequence(name->number - 1)));
  }
  return row;
}

// A log with batches had a mark: the one is never durable before the other.
Result<std::optional<Mark>> MemoryLog::find_mark(CellId cell) const {
  std::optional<Mark> newest;
  for (uint64_t slot = 0; slot < kMarkSlots; ++slot) {
    const auto mark = mark_in_slot(cell, slot);
    if (mark && (!newest || newer(*mark, *newest))) newest = mark;
  }
  const bool has_batches = is_batch_of(cell, disk_.at_or_after(batch_name(cell, Sequence(1))));
  if (!newest && has_batches) {
    return fail(ErrorCode::kCorrupt, "cell " + std::to_string(cell.value()) + ": the high-water mark is missing");
  }
  return newest;
}

std::optional<Mark> MemoryLog::mark_in_slot(CellId cell, uint64_t slot) const {
  const auto bytes = disk_.read(mark_name(cell, slot));
  return bytes ? decode_mark(cell, *bytes) : std::nullopt;
}

// Never over the newest mark that is durable: a crash may tear what is written now.
DiskResult MemoryLog::write_mark(const Mark& mark) {
  const auto synced = [&](uint64_t slot) {
    const auto bytes = disk_.read_synced(mark_name(mark.cell, slot));
    return bytes ? decode_mark(mark.cell, *bytes) : std::nullopt;
  };
  const auto first = synced(0);
  const auto second = synced(1);
  const bool keep_first = first && (!second || newer(*first, *second));
  return disk_.write(mark_name(mark.cell, keep_first ? 1 : 0), encode_mark(mark));
}

bool MemoryLog::owns(CellId cell, Epoch epoch) const {
  if (bug_planted(Bug::kForgottenEpoch)) return true;
  const auto mark = find_mark(cell);
  return mark && *mark && (*mark)->epoch == epoch;
}

void MemoryLog::append_together(std::span<Append> appends) {
  check_appends(appends);
  const auto lock = disk_.exclusive();
  std::vector<Digest> chains;
  for (Append& append : appends) chains.push_back(write_batch(append));
  const auto is_written = [](const Append& append) { return append.outcome == Appended::kDurable; };
  if (std::ranges::none_of(appends, is_written)) return;
  const bool synced = sync_batches() == DiskResult::kDone;
  for (size_t i = 0; i < appends.size(); ++i) {
    if (!is_written(appends[i])) continue;
    appends[i].outcome = Appended::kUnknown;
    if (synced) confirm(appends[i], chains[i]);
  }
}

// The outcome is what it will be if the sync goes well. Returns the chain after the batch.
Digest MemoryLog::write_batch(Append& append) {
  const Lease& lease = *append.lease;
  append.outcome = Appended::kUnknown;
  if (disk_.crashed()) return {};
  if (!owns(lease.cell, lease.epoch)) append.outcome = Appended::kFenced;
  if (append.outcome == Appended::kFenced) return {};
  std::vector<std::byte> stored;
  encode_batch(stored_batch(lease, *append.batch), stored);
  const DiskResult written = disk_.write(batch_name(lease.cell, append.batch->first), stored);
  if (written == DiskResult::kDone) append.outcome = Appended::kDurable;
  return chain_after(lease.chain, stored);
}

DiskResult MemoryLog::sync_batches() {
  return bug_planted(Bug::kAcknowledgeBeforeSync) ? DiskResult::kDone : disk_.sync();
}

// The mark rides with the next sync, and is only a guard: if it cannot be written the batch is durable all the same.
void MemoryLog::confirm(Append& append, const Digest& chain) {
  Lease& lease = *append.lease;
  lease.tail = last_of(*append.batch);
  lease.chain = chain;
  const Mark mark{.cell = lease.cell, .epoch = lease.epoch, .tail = lease.tail, .chain = lease.chain};
  append.outcome = write_mark(mark) == DiskResult::kOff ? Appended::kUnknown : Appended::kDurable;
}

Durability MemoryLog::durability() const {
  return {.store = "memory", .guarantee = "nothing survives the end of the process"};
}

Result<void> MemoryLog::read(CellId cell, MachineKind kind, Sequence from, const Visit& visit) {
  std::unique_lock lock = disk_.exclusive();
  if (disk_.crashed()) return powered_off();
  const std::optional<Mark> mark = TRY(find_mark(cell));
  ChainReader reader = TRY(reader_before(cell, kind, from));
  while (true) {
    const auto name = disk_.at_or_after(batch_name(cell, reader.last() + 1));
    const auto bytes = is_batch_of(cell, name) ? durable_bytes(disk_, *name) : std::nullopt;
    if (!bytes) break;
    const StoredBatch found = TRY(reader.accept(*bytes));
    if (reader.last() < from) continue;
    lock.unlock();
    if (!visit(found.batch)) return {};
    lock.lock();
  }
  if (mark && reader.last() < mark->tail) return lost_tail(*mark, reader.last(), "Restore the simulated disk.");
  return {};
}

// A reader that stands before the batch that holds `from`: behind the one before it, to know the chain.
Result<ChainReader> MemoryLog::reader_before(CellId cell, MachineKind kind, Sequence from) const {
  const auto holder = disk_.at_or_before(batch_name(cell, from));
  if (!is_batch_of(cell, holder)) return ChainReader(cell, kind);
  const auto before = disk_.at_or_before(batch_name(cell, Sequence(holder->number - 1)));
  if (!is_batch_of(cell, before)) return ChainReader(cell, kind);
  const Result<ChainReader> reader = ChainReader::behind(cell, *disk_.read(*before), kind);
  if (!reader) return wrong_batch(cell, Sequence(before->number), reader.error());
  return reader;
}

std::vector<std::byte> MemoryLog::batch_at_or_before(CellId cell, Sequence at) const {
  const auto name = disk_.at_or_before(batch_name(cell, at));
  if (!is_batch_of(cell, name)) return {};
  return disk_.read(*name).value_or(std::vector<std::byte>());
}

}  // namespace doorbuster::log
