// The high-water mark of one cell in a file of its own, raised with every durable batch and synced in the background.
//
// A raise is one small write into the operating system's memory, so it survives the end of the process at once; it
// survives the end of the machine after the next sync, which begins at most an interval later unless the disk is
// behind (mark_syncer.h). The file has three slots: one is durable, one may be on its way to the disk, one takes the
// new marks. So whatever a crash tears, a whole and durable mark is left. A write or sync that fails ends the process:
// a guard that cannot be trusted is none.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>

#include "log/mark_codec.h"
#include "log/rocksdb/files.h"
#include "log/rocksdb/mark_syncer.h"

namespace doorbuster::log {

class MarkFile {
 public:
  // The newest whole mark; nothing if there is no such file; kCorrupt if there is one and no slot is whole.
  [[nodiscard]] static Result<std::optional<Mark>> find(const std::filesystem::path& path, CellId cell);

  // Replaces the file by one that holds this mark, durably.
  [[nodiscard]] static Result<std::unique_ptr<MarkFile>> create(const std::filesystem::path& path, const Mark& mark,
                                                                MarkSyncer& syncer);
  ~MarkFile();

  // From one thread. The mark's batch must be durable.
  void raise(const Mark& mark);

  // For the syncer: makes durable what was raised.
  void sync();

 private:
  MarkFile(File file, MarkSyncer& syncer);

  const File file_;
  MarkSyncer& syncer_;
  std::mutex mutex_;  // before the syncer's
  std::condition_variable synced_;
  size_t durable_slot_ = 0;  // guarded by mutex_, as are the rest
  size_t raised_slot_ = 1;
  bool raised_ = false;     // since the last sync began
  bool scheduled_ = false;  // from when the syncer was asked to the end of the sync
  MarkSyncer::Due next_due_;
};

}  // namespace doorbuster::log
