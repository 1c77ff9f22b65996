// The event log on this machine's disk: RocksDB for the batches, and beside it what RocksDB cannot be trusted with
// alone.
//
//   DIR/identity         which log this is, and under whose keys it is written (identity_file.h)
//   DIR/lock             held while a server runs: two servers never share a log
//   DIR/batches/         RocksDB
//   DIR/cell-0.mark      the high-water mark: how far the log was durable at least (mark_file.h)
//   DIR/cell-0.snapshot  the newest snapshot; written beside and renamed, so it is the old one or the new one
//
// The batches of several cells that are appended together are one write to RocksDB with one sync: all of them are there
// after a crash, or none, and each cell's mark is raised behind it. A write or sync of a batch that fails ends the
// process (map, section 7); so append() is never kUnknown here. Old batches are never deleted: the log is the audit
// trail.
#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>

#include "log/chain_reader.h"
#include "log/rocksdb/batch_store.h"
#include "log/rocksdb/mark_file.h"

namespace doorbuster::log {

// For Options::report: one line on standard error.
void report_on_standard_error(std::string_view sentence);

class RocksdbLog final : public Log {
 public:
  struct Options {
    std::filesystem::path directory;  // made if it does not exist
    // The operator accepts that acknowledged events are gone (`--log-allow-lost-tail`): a log that ends before its
    // high-water mark opens, the mark is set to where it ends, a snapshot from beyond is set aside, and the loss is
    // reported.
    bool allow_lost_tail = false;
    Duration mark_sync_interval = Duration::millis(50);
    // Takes sentences that an operator must see.
    std::function<void(std::string_view)> report = report_on_standard_error;
  };

  // Takes the directory. kUnavailable: another server is using it. kCorrupt: RocksDB does not believe its own files.
  [[nodiscard]] static Result<std::unique_ptr<RocksdbLog>> start(Options options);
  ~RocksdbLog() override;

  using Log::read;
  [[nodiscard]] Result<Lease> open(CellId cell, const Opener& opener) override;
  [[nodiscard]] Result<std::vector<CellRow>> cells() override;
  void append_together(std::span<Append> appends) override;
  [[nodiscard]] Durability durability() const override;
  [[nodiscard]] Result<void> read(CellId cell, MachineKind kind, Sequence from, const Visit& visit) override;
  [[nodiscard]] Result<std::unique_ptr<SnapshotWriter>> write_snapshot(const Lease& lease,
                                                                       const SnapshotHead& head) override;
  [[nodiscard]] Result<std::unique_ptr<SnapshotReader>> read_snapshot(CellId cell) override;
  [[nodiscard]] Result<void> set_aside_snapshot(CellId cell, std::string_view why) override;

 private:
  class Draft;

  // What this process knows of a cell that it has opened.
  struct Owned {
    std::mutex writing;             // held by open, append and the moment a snapshot is put in place
    std::atomic<uint64_t> tail{0};  // for readers
    Epoch epoch;                    // guarded by `writing`, as are the rest
    std::unique_ptr<MarkFile> mark;
    std::vector<std::byte> stored;  // the batch being appended; kept for its capacity
  };

  RocksdbLog(Options options, File lock, std::unique_ptr<BatchStore> store);

  [[nodiscard]] Owned& owned(CellId cell);
  [[nodiscard]] static BatchStore::Put stored_form(const Append& append, Owned& state);
  static void confirm(const Append& append, Owned& state);
  [[nodiscard]] Result<std::optional<Mark>> find_mark(CellId cell, Epoch stored_epoch, const ChainReader& end);
  [[nodiscard]] Result<ChainReader> find_end(CellId cell) const;
  [[nodiscard]] Result<void> check_against_mark(const Mark& mark, const ChainReader& end);
  [[nodiscard]] Result<void> accept_loss(const Mark& mark, const ChainReader& end, const std::string& loss);
  [[nodiscard]] Result<ChainReader> reader_before(BatchStore::Cursor& cursor, CellId cell, MachineKind kind,
                                                  Sequence from) const;
  [[nodiscard]] Result<void> put_snapshot_in_place(CellId cell, Epoch epoch, const std::filesystem::path& draft);
  [[nodiscard]] Result<SnapshotPlace> place_in_log(CellId cell, const SnapshotHead& head) const;
  void remove_drafts(CellId cell) const;
  [[nodiscard]] std::filesystem::path path(CellId cell, std::string_view suffix) const;

  const Options options_;
  const File lock_;
  const std::unique_ptr<BatchStore> store_;
  MarkSyncer mark_syncer_;
  std::mutex cells_mutex_;
  std::map<CellId, std::unique_ptr<Owned>>
      cells_;  // guarded by cells_mutex_; what it points to lives as long as the log
};

}  // namespace doorbuster::log
