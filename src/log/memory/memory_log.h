// The event log on a simulated disk: the twin for tests and the simulator. It keeps nothing but what is on the disk, so
// after a crash a new MemoryLog over the same disk is a new process, and two of them at once are two servers that fight
// for one log.
//
// The disk decides what goes wrong (simulated_disk.h). A write or sync that fails makes an append kUnknown, whether it
// happened or not. A crash makes it kUnknown too: no reply can leave a process that has died. Everything is then
// kUnavailable until the disk is restarted and the log opened again.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "log/chain_reader.h"
#include "log/mark_codec.h"
#include "log/memory/simulated_disk.h"
#include "log/owner_codec.h"

namespace doorbuster::log {

// Errors of the disk, for the log's parts.
[[nodiscard]] tl::unexpected<Error> disk_error(CellId cell, const std::string& doing);
[[nodiscard]] tl::unexpected<Error> powered_off();

class MemoryLog final : public Log {
 public:
  // Takes sentences that an operator must see.
  using Report = std::function<void(std::string_view)>;

  // On a disk of its own that never fails by itself.
  MemoryLog() : owned_(std::make_unique<SimulatedDisk>()), disk_(*owned_) {}
  explicit MemoryLog(SimulatedDisk& disk, Report report = nullptr) : disk_(disk), report_(std::move(report)) {}

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

  [[nodiscard]] SimulatedDisk& disk() { return disk_; }
  // The power goes and comes back: what was not synced is lost, kept or torn as the disk's seed says. Open again to go
  // on.
  void crash();

 private:
  [[nodiscard]] Result<ChainReader> recover(CellId cell, const std::optional<Mark>& mark);
  [[nodiscard]] Result<void> drop_torn_tail(CellId cell, Sequence from);
  [[nodiscard]] Result<void> become_owner(const Mark& mark, const Opener& opener);
  [[nodiscard]] std::optional<OwnerRecord> newest_owner(CellId cell, Epoch at_most) const;
  [[nodiscard]] MachineKind kind_of(CellId cell) const;
  [[nodiscard]] Result<CellRow> row_of(CellId cell) const;
  [[nodiscard]] Result<std::optional<Mark>> find_mark(CellId cell) const;
  [[nodiscard]] std::optional<Mark> mark_in_slot(CellId cell, uint64_t slot) const;
  [[nodiscard]] DiskResult write_mark(const Mark& mark);
  [[nodiscard]] bool owns(CellId cell, Epoch epoch) const;
  [[nodiscard]] Digest write_batch(Append& append);
  [[nodiscard]] DiskResult sync_batches();
  void confirm(Append& append, const Digest& chain);
  [[nodiscard]] Result<ChainReader> reader_before(CellId cell, MachineKind kind, Sequence from) const;
  [[nodiscard]] std::vector<std::byte> batch_at_or_before(CellId cell, Sequence at) const;
  [[nodiscard]] Result<void> remove_drafts(CellId cell);

  class Draft;

  const std::unique_ptr<SimulatedDisk> owned_;
  SimulatedDisk& disk_;
  const Report report_;
};

}  // namespace doorbuster::log
