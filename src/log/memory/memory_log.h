// The event log on a simulated disk: the twin for tests and the simulator. It keeps nothing but what is on the disk, so
// after a crash a new MemoryLog over the same disk is a new process, and two of them at once are two servers that fight
// for one log.
//
// The disk decides what goes wrong (simulated_disk.h). A write or sync that fails makes an append kUnknown, whether it
// happened or not. A crash makes it kUnknown too: no reply can leave a process that has died. Everything is then
// kUnavailable until the disk is restarted and the log opened again.
#pragma once

#include <memory>

#include "log/chain_reader.h"
#include "log/mark_codec.h"
#include "log/memory/simulated_disk.h"

namespace doorbuster::log {

class MemoryLog final : public Log {
 public:
  // On a disk of its own that never fails by itself.
  MemoryLog() : owned_(std::make_unique<SimulatedDisk>()), disk_(*owned_) {}
  explicit MemoryLog(SimulatedDisk& disk) : disk_(disk) {}

  [[nodiscard]] Result<Lease> open(CellId cell) override;
  [[nodiscard]] Appended append(Lease& lease, const Batch& batch) override;
  [[nodiscard]] Result<void> read(CellId cell, Sequence from, const Visit& visit) override;
  [[nodiscard]] Result<void> save_snapshot(const Lease& lease, const Snapshot& snapshot) override;
  [[nodiscard]] Result<std::optional<Snapshot>> load_snapshot(CellId cell) override;

  [[nodiscard]] SimulatedDisk& disk() { return disk_; }
  // The power goes and comes back: what was not synced is lost, kept or torn as the disk's seed says. Open again to go
  // on.
  void crash();

 private:
  [[nodiscard]] Result<ChainReader> recover(CellId cell, const std::optional<Mark>& mark);
  [[nodiscard]] Result<void> drop_torn_tail(CellId cell, Sequence from);
  [[nodiscard]] Result<void> become_owner(const Mark& mark);
  [[nodiscard]] Result<std::optional<Mark>> find_mark(CellId cell) const;
  [[nodiscard]] std::optional<Mark> mark_in_slot(CellId cell, uint64_t slot) const;
  [[nodiscard]] DiskResult write_mark(const Mark& mark);
  [[nodiscard]] bool owns(const Lease& lease) const;
  [[nodiscard]] DiskResult store(const Lease& lease, const Batch& batch, Bytes stored);
  [[nodiscard]] Result<ChainReader> reader_before(CellId cell, Sequence from) const;
  [[nodiscard]] std::vector<std::byte> batch_at_or_before(CellId cell, Sequence at) const;
  [[nodiscard]] DiskResult replace_snapshot(CellId cell, Bytes stored);

  const std::unique_ptr<SimulatedDisk> owned_;
  SimulatedDisk& disk_;
};

}  // namespace doorbuster::log
