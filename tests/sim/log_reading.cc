#include "sim/log_reading.h"

#include <algorithm>

#include "cell/frames.h"
#include "cell/recovery.h"
#include "sale/views/draw_book.h"
#include "sim/server_keys.h"

namespace doorbuster::sim {

LogReading::LogReading(Site& site, CellId cell)
    : site_(site), cell_(cell), from_begin_(fresh_replica()), books_(fresh_books()) {}

LogReading::Replica LogReading::fresh_replica() const {
  auto machine = std::make_unique<sale::Machine>(kSimCapacity, sale::sealed_entry_name(ServerKeys::get().ids()), cell_);
  Replica replica{.machine = std::move(machine), .after = {}, .heard = {}, .saved = {}};
  replica.machine->save(replica.saved);
  return replica;
}

std::unique_ptr<LogReading::Books> LogReading::fresh_books() {
  return std::make_unique<Books>(PlainBook(site_.promises, site_.plan, cell_), LineBook(site_.promises),
                                 QuotaBook(site_.promises, site_.plan.capacity));
}

// Nothing on a disk changes but by an operation, or by a loss of power.
void LogReading::read() {
  if (read_at_ == site_.disk.operations() && !site_.disk.crashed()) return;
  const auto read = read_all();
  if (!read) return site_.promises.breaks("the log can't be read: " + read.error().message);
  read_at_ = site_.disk.operations();
}

Result<void> LogReading::read_all() {
  log::MemoryLog log(site_.disk);
  TRY(read_from_begin(log));
  return read_from_snapshot(log);
}

Result<void> LogReading::read_from_begin(log::MemoryLog& log) {
  const auto hear = [this](Bytes payload) { return enter_into_books(payload); };
  if (TRY(read_on(log, from_begin_, hear))) return {};
  from_begin_ = fresh_replica();
  books_ = fresh_books();
  ASSERT(TRY(read_on(log, from_begin_, hear)));
  return {};
}

Result<void> LogReading::read_from_snapshot(log::MemoryLog& log) {
  const auto found = TRY(log.read_snapshot(cell_));
  if (found == nullptr) {
    snapshot_.clear();
    return {};
  }
  const auto stored = site_.disk.read({.kind = log::RecordKind::kSnapshot, .cell = cell_, .number = 0});
  const auto hear = [](Bytes) { return Result<void>(); };
  if (snapshot_ == *stored && TRY(read_on(log, from_snapshot_, hear))) return {};
  from_snapshot_ = fresh_replica();
  from_snapshot_.after = found->head().at;
  TRY(cell::load_snapshot(*found, *from_snapshot_.machine));
  from_snapshot_.saved.clear();
  from_snapshot_.machine->save(from_snapshot_.saved);
  snapshot_ = *stored;
  ASSERT(TRY(read_on(log, from_snapshot_, hear)));
  return {};
}

// False if the log does not go on from where the replica is.
Result<bool> LogReading::read_on(log::MemoryLog& log, Replica& replica, const Hear& hear) {
  size_t at = 0;
  bool is_same = true;
  const size_t known = replica.heard.size();
  Result<void> applied;
  TRY(log.read(cell_, replica.after + 1, [&](const log::Batch& batch) {
    if (at < known) {
      is_same = Bytes(replica.heard).size() - at >= batch.payload.size() &&
                std::ranges::equal(batch.payload, Bytes(replica.heard).subspan(at, batch.payload.size()));
    } else {
      replica.heard.insert(replica.heard.end(), batch.payload.begin(), batch.payload.end());
      applied = cell::for_each_frame(
          batch.payload, [&](Timestamp when, uint32_t, Bytes events) { return replica.machine->apply(events, when); });
      if (applied) applied = hear(batch.payload);
    }
    at += batch.payload.size();
    return is_same && applied.has_value();
  }));
  TRY(applied);
  if (!is_same || at != replica.heard.size()) return false;
  if (at == known) return true;
  replica.saved.clear();
  replica.machine->save(replica.saved);
  return true;
}

Result<void> LogReading::enter_into_books(Bytes payload) {
  return cell::for_each_frame(payload, [&](Timestamp at, uint32_t, Bytes events) {
    return sale::for_each_event(events, [&](const auto& event) {
      books_->plain.begin_moment(at);
      books_->plain.hear(event);
      books_->line.hear(event, at);
      books_->quota.hear(event, at);
    });
  });
}

LogReading& LogReadings::of(CellId cell) { return cells_.try_emplace(cell, site_, cell).first->second; }

}  // namespace doorbuster::sim
