// Follows one cell's chain of stored batches and believes nothing: every batch must decode, belong to the cell, begin
// where the last one ended, carry its chain, be of the same machine and not go back to an older epoch. Every twin reads
// through this.
#pragma once

#include "log/batch_codec.h"

namespace doorbuster::log {

class ChainReader {
 public:
  // Before the cell's first batch. Where the kind is not said, any machine's batches are accepted, but one machine's.
  explicit ChainReader(CellId cell, MachineKind kind = {}) : cell_(cell), kind_(kind) {}

  // Behind `stored`, which is verified as far as it can be on its own; what it says about the chain before it is
  // believed.
  [[nodiscard]] static Result<ChainReader> behind(CellId cell, Bytes stored, MachineKind kind = {});

  // The next batch, verified. kCorrupt names the event with which the batch that is wrong should begin.
  [[nodiscard]] Result<StoredBatch> accept(Bytes stored);

  [[nodiscard]] Sequence last() const { return last_; }
  [[nodiscard]] const Digest& chain() const { return chain_; }
  [[nodiscard]] Epoch epoch() const { return epoch_; }
  // Of the batches so far; not said if there were none and none was asked for.
  [[nodiscard]] MachineKind kind() const { return kind_; }

 private:
  [[nodiscard]] Result<void> check_place(const StoredBatch& found) const;
  void advance(const StoredBatch& found, Bytes stored);

  CellId cell_;
  MachineKind kind_;
  Sequence last_;
  Digest chain_{};
  Epoch epoch_;
};

// Where a snapshot lies in a log. `batch` is the stored batch that begins last at or before the snapshot's event; empty
// if there is none. kCorrupt: that batch cannot be read.
enum class SnapshotPlace { kEndOfABatch, kBeyondTheTail, kAnotherLog };
[[nodiscard]] Result<SnapshotPlace> place_of(const SnapshotHead& head, CellId cell, Bytes batch);

// The error for a snapshot in another log. One that lies beyond the tail is no error yet, and neither is one whose
// batch cannot be read: that is the log's trouble, and reading the log says so.
[[nodiscard]] tl::unexpected<Error> wrong_place(const SnapshotHead& head);

// "cell 0: the batch that begins with event 129 is not what was written: REASON", as kCorrupt (a reason of kInvalid
// stays that).
[[nodiscard]] tl::unexpected<Error> wrong_batch(CellId cell, Sequence first, const Error& reason);

}  // namespace doorbuster::log
