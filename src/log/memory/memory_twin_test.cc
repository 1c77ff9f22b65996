#include "log/log_twins_test.h"
#include "log/memory/memory_log.h"

namespace doorbuster::log {
namespace {

class MemoryTwin final : public Twin {
 public:
  MemoryTwin() { restart(); }

  Log& log() override { return *log_; }
  void restart() override {
    log_ = std::make_unique<MemoryLog>(disk_,
                                       [this](std::string_view sentence) { reports_ += std::string(sentence) + "\n"; });
  }
  void crash() override {
    log_->crash();
    restart();
  }
  void flip_bit_of_batch(CellId cell, Sequence first, size_t bit) override {
    disk_.flip_bit(batch(cell, first), bit);
    restart();
  }
  void remove_batch(CellId cell, Sequence first) override {
    disk_.remove(batch(cell, first));
    restart();
  }
  void write_first_batch(CellId cell, Bytes stored) override {
    ASSERT(disk_.write(batch(cell, Sequence(1)), stored) == DiskResult::kDone);
    ASSERT(disk_.sync() == DiskResult::kDone);
    for (const uint64_t epoch : {1, 2, 3}) {
      (void)disk_.erase({.kind = RecordKind::kOwner, .cell = cell, .number = epoch});
    }
    restart();
  }
  void exchange_batches(CellId cell, Sequence first, Sequence second) override {
    const auto a = disk_.read(batch(cell, first));
    const auto b = disk_.read(batch(cell, second));
    ASSERT(disk_.write(batch(cell, first), *b) == DiskResult::kDone);
    ASSERT(disk_.write(batch(cell, second), *a) == DiskResult::kDone);
    ASSERT(disk_.sync() == DiskResult::kDone);
    restart();
  }
  void flip_bit_of_snapshot(CellId cell, size_t bit) override {
    disk_.flip_bit(snapshot(cell), bit);
    restart();
  }
  void truncate_snapshot(CellId cell, size_t bytes) override {
    disk_.truncate(snapshot(cell), bytes);
    restart();
  }
  void replace_snapshot(CellId cell, Bytes stored) override {
    ASSERT(disk_.write(snapshot(cell), stored) == DiskResult::kDone);
    ASSERT(disk_.sync() == DiskResult::kDone);
    restart();
  }
  std::vector<std::byte> snapshot_set_aside(CellId cell) override {
    return disk_.read_synced({.kind = RecordKind::kSnapshotAside, .cell = cell}).value_or(std::vector<std::byte>());
  }
  std::string take_reports() override { return std::exchange(reports_, ""); }
  void make_next_append_unknown(Unknown variant, size_t cells) override {
    // A write for each, then the sync.
    disk_.fail_at(cells + 1, variant == Unknown::kWritten ? Fault::kFailsDone : Fault::kFailsUndone);
  }

 private:
  static RecordName batch(CellId cell, Sequence first) {
    return {.kind = RecordKind::kBatch, .cell = cell, .number = first.value()};
  }

  static RecordName snapshot(CellId cell) { return {.kind = RecordKind::kSnapshot, .cell = cell}; }

  std::string reports_;
  SimulatedDisk disk_;
  std::unique_ptr<MemoryLog> log_;
};

}  // namespace

std::unique_ptr<Twin> make_memory_twin() { return std::make_unique<MemoryTwin>(); }

}  // namespace doorbuster::log
