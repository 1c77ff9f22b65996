// A log that does as a test says: appends that end as unknown though they happened, or did not; snapshots that take as
// long as the test likes, or fail.
#pragma once

#include <atomic>
#include <deque>
#include <functional>

#include "log/memory/memory_log.h"

namespace doorbuster::cell::testing {

class FaultyLog final : public log::Log {
 public:
  explicit FaultyLog(log::SimulatedDisk& disk) : log_(disk) {}

  enum class Fault : uint8_t { kNone, kUnknownAndThere, kUnknownAndLost };
  // Of the next appends, in their order.
  std::deque<Fault> faults;
  std::function<bool()> may_open = [] { return true; };
  // Before each part of a snapshot and before its end; false fails it.
  std::function<bool()> may_write_snapshot = [] { return true; };
  size_t appends = 0;
  size_t opens = 0;

  using Log::read;
  Result<log::Lease> open(CellId cell, const log::Opener& opener) override {
    ++opens;
    if (!may_open()) return fail(ErrorCode::kUnavailable, "the store is not there");
    return log_.open(cell, opener);
  }
  void append_together(std::span<log::Append> together) override {
    for (log::Append& append : together) append.outcome = append_one(*append.lease, *append.batch);
  }
  log::Durability durability() const override { return log_.durability(); }
  Result<std::vector<log::CellRow>> cells() override { return log_.cells(); }
  Result<void> read(CellId cell, log::MachineKind kind, Sequence from, const Visit& visit) override {
    return log_.read(cell, kind, from, visit);
  }
  Result<std::unique_ptr<log::SnapshotWriter>> write_snapshot(const log::Lease& lease,
                                                              const log::SnapshotHead& head) override {
    return std::make_unique<Writer>(*this, TRY(log_.write_snapshot(lease, head)));
  }
  Result<std::unique_ptr<log::SnapshotReader>> read_snapshot(CellId cell) override { return log_.read_snapshot(cell); }
  Result<void> set_aside_snapshot(CellId cell, std::string_view why) override {
    return log_.set_aside_snapshot(cell, why);
  }

  // The last event that the newest snapshot knows; 0 if there is none.
  [[nodiscard]] Sequence snapshot_at(CellId cell) {
    const auto reader = log_.read_snapshot(cell);
    return reader && *reader != nullptr ? (*reader)->head().at : Sequence();
  }

 private:
  log::Appended append_one(log::Lease& lease, const log::Batch& batch) {
    ++appends;
    const Fault fault = faults.empty() ? Fault::kNone : faults.front();
    if (!faults.empty()) faults.pop_front();
    if (fault == Fault::kUnknownAndLost) return log::Appended::kUnknown;
    const log::Lease before = lease;
    const log::Appended outcome = log_.append(lease, batch);
    if (fault == Fault::kNone || outcome != log::Appended::kDurable) return outcome;
    lease = before;
    return log::Appended::kUnknown;
  }

  struct Writer final : log::SnapshotWriter {
    Writer(FaultyLog& its_log, std::unique_ptr<log::SnapshotWriter> its_writer)
        : log(its_log), writer(std::move(its_writer)) {}
    Result<void> add(Bytes part) override { return log.may_write_snapshot() ? writer->add(part) : full(); }
    Result<void> commit() override { return log.may_write_snapshot() ? writer->commit() : full(); }
    static Result<void> full() { return fail(ErrorCode::kIo, "the disk is full"); }
    FaultyLog& log;
    std::unique_ptr<log::SnapshotWriter> writer;
  };

  log::MemoryLog log_;
};

}  // namespace doorbuster::cell::testing
