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

Result<Lease> MemoryLog::open(CellId cell) {
  const auto lock = disk_.exclusive();
  if (disk_.crashed()) return powered_off();
  const std::optional<Mark> mark = TRY(find_mark(cell));
  const ChainReader end = TRY(recover(cell, mark));
  const Epoch newest = std::max(end.epoch(), mark ? mark->epoch : Epoch());
  const Lease lease{.cell = cell, .epoch = Epoch(newest.value() + 1), .tail = end.last(), .chain = end.chain()};
  TRY(become_owner({.cell = cell, .epoch = lease.epoch, .tail = lease.tail, .chain = lease.chain}));
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
Result<void> MemoryLog::become_owner(const Mark& mark) {
  if (disk_.sync() != DiskResult::kDone) return disk_error(mark.cell, "making durable what was found");
  if (write_mark(mark) != DiskResult::kDone) return disk_error(mark.cell, "writing the new epoch");
  if (disk_.sync() != DiskResult::kDone) return disk_error(mark.cell, "making the new epoch durable");
  return {};
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

Appended MemoryLog::append(Lease& lease, const Batch& batch) {
  ASSERT(batch.first == lease.tail + 1);
  ASSERT(batch.count > 0);
  const auto lock = disk_.exclusive();
  if (disk_.crashed()) return Appended::kUnknown;
  if (!owns(lease.cell, lease.epoch)) return Appended::kFenced;
  std::vector<std::byte> stored;
  encode_batch({.cell = lease.cell, .epoch = lease.epoch, .previous = lease.chain, .batch = batch}, stored);
  if (store(lease, batch, stored) != DiskResult::kDone) return Appended::kUnknown;
  lease.tail = last_of(batch);
  lease.chain = chain_after(lease.chain, stored);
  // The mark rides with the next sync, and is only a guard: if it cannot be written the batch is durable all the same.
  const Mark mark{.cell = lease.cell, .epoch = lease.epoch, .tail = lease.tail, .chain = lease.chain};
  return write_mark(mark) == DiskResult::kOff ? Appended::kUnknown : Appended::kDurable;
}

DiskResult MemoryLog::store(const Lease& lease, const Batch& batch, Bytes stored) {
  const DiskResult written = disk_.write(batch_name(lease.cell, batch.first), stored);
  if (written != DiskResult::kDone || bug_planted(Bug::kAcknowledgeBeforeSync)) return written;
  return disk_.sync();
}

Result<void> MemoryLog::read(CellId cell, Sequence from, const Visit& visit) {
  std::unique_lock lock = disk_.exclusive();
  if (disk_.crashed()) return powered_off();
  const std::optional<Mark> mark = TRY(find_mark(cell));
  ChainReader reader = TRY(reader_before(cell, from));
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
Result<ChainReader> MemoryLog::reader_before(CellId cell, Sequence from) const {
  const auto holder = disk_.at_or_before(batch_name(cell, from));
  if (!is_batch_of(cell, holder)) return ChainReader(cell);
  const auto before = disk_.at_or_before(batch_name(cell, Sequence(holder->number - 1)));
  if (!is_batch_of(cell, before)) return ChainReader(cell);
  const Result<ChainReader> reader = ChainReader::behind(cell, *disk_.read(*before));
  if (!reader) return wrong_batch(cell, Sequence(before->number), reader.error());
  return reader;
}

std::vector<std::byte> MemoryLog::batch_at_or_before(CellId cell, Sequence at) const {
  const auto name = disk_.at_or_before(batch_name(cell, at));
  if (!is_batch_of(cell, name)) return {};
  return disk_.read(*name).value_or(std::vector<std::byte>());
}

}  // namespace doorbuster::log
