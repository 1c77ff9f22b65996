// What the disk says of a cell, read for inspections: the state that the log gives, alone and on top of the newest
// snapshot, and the books of all that has happened.
//
// Whoever reads again reads all that there is on the disk, and applies only what is behind the last reading's end: a
// state and a book are functions of the bytes that they were made of. Where those are not the same any more, everything
// is made anew.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "log/memory/memory_log.h"
#include "sale/machine/machine.h"
#include "sim/line_book.h"
#include "sim/plain_book.h"
#include "sim/quota_book.h"
#include "sim/site.h"

namespace doorbuster::sim {

class LogReading {
 public:
  struct Books {
    PlainBook plain;
    LineBook line;
    QuotaBook quota;
  };

  LogReading(Site& site, CellId cell);

  // Breaks a promise if the disk can't be read, or if a book hears what can't be.
  void read();

  // As a machine saves it: of the last read().
  [[nodiscard]] const std::vector<std::byte>& log_alone() const { return from_begin_.saved; }
  [[nodiscard]] const std::vector<std::byte>& snapshot_and_log() const {
    return snapshot_.empty() ? from_begin_.saved : from_snapshot_.saved;
  }
  [[nodiscard]] const Books& books() const { return *books_; }

 private:
  // A machine, and what it was made of.
  struct Replica {
    std::unique_ptr<sale::Machine> machine;
    Sequence after;                // of the log, the batches behind this event
    std::vector<std::byte> heard;  // their payloads
    std::vector<std::byte> saved;
  };
  using Hear = std::function<Result<void>(Bytes payload)>;

  [[nodiscard]] Result<void> read_all();
  [[nodiscard]] Result<void> read_from_begin(log::MemoryLog& log);
  [[nodiscard]] Result<void> read_from_snapshot(log::MemoryLog& log);
  [[nodiscard]] Result<bool> read_on(log::MemoryLog& log, Replica& replica, const Hear& hear);
  [[nodiscard]] Replica fresh_replica() const;
  [[nodiscard]] std::unique_ptr<Books> fresh_books();
  [[nodiscard]] Result<void> enter_into_books(Bytes payload);

  Site& site_;
  const CellId cell_;
  Replica from_begin_;
  std::unique_ptr<Books> books_;
  std::vector<std::byte> snapshot_;  // as it lies on the disk; empty if there is none
  Replica from_snapshot_;
  std::optional<uint64_t> read_at_;  // the disk's operations so far
};

// Of all cells.
class LogReadings {
 public:
  explicit LogReadings(Site& site) : site_(site) {}

  [[nodiscard]] LogReading& of(CellId cell);
  // The next readings are from scratch.
  void forget() { cells_.clear(); }

 private:
  Site& site_;
  std::map<CellId, LogReading> cells_;
};

}  // namespace doorbuster::sim
