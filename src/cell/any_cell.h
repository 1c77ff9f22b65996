// A cell as those see it who drive it: with whatever machine in it.
//
// Nothing here waits for the disk but what the claiming thread calls. "At the cell" means: one thread at a time, each
// seeing what the one before it did.
#pragma once

#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "cell/recovery.h"
#include "log/log.h"

namespace doorbuster::cell {

enum class Ownership : uint8_t {
  kRecovering,  // not the owner of its log, or not yet: asks are answered with kUnavailable
  kOwner,
  kDraining,  // the owner, and about to give the log up: decides nothing more
  kReleased,  // has given the log up, of its own will
  kFenced,    // somebody else owns the log now
};

// What became of asking for the next part of a snapshot.
enum class SnapshotPart : uint8_t {
  kAdded,
  kLast,  // nothing was added: all are out
  kGone,  // the cell has given this snapshot up
};

enum class SnapshotEnd : uint8_t { kSaved, kFailed };

struct SnapshotToWrite {
  uint64_t number;
  log::Lease lease;
  log::SnapshotHead head;
};

class AnyCell {
 public:
  virtual ~AnyCell() = default;

  [[nodiscard]] virtual CellId id() const = 0;
  [[nodiscard]] virtual log::Log& log() = 0;
  // Called on a client's thread that has asked something: the driver sees to it that turn() is called.
  virtual void on_asked(std::function<void()> asked) = 0;

  // --- At the cell: deciding. ---

  // Does what is due and decides what has been asked, at `wall`, or at the last time if the clock has gone back.
  // Returns whether there was anything to do.
  virtual bool turn(Timestamp wall) = 0;
  // The batch to append next, if one is ready and none is in flight. It and the lease are the appending thread's until
  // finish_append().
  [[nodiscard]] virtual std::optional<log::Batch> begin_append() = 0;
  [[nodiscard]] virtual log::Lease& lease() = 0;
  // When the first event of the batch in flight was decided.
  [[nodiscard]] virtual Timestamp batch_since() const = 0;
  // The batch in flight is durable: for a driver that lets others hear of it before finish_append(), which tells the
  // rest.
  virtual void note_traces() = 0;
  // What became of the batch in flight. After kUnknown the log has to be opened again, and then resume().
  virtual void finish_append(log::Appended outcome) = 0;
  // Rings every client's bell that has answers waiting.
  virtual void wake_clients() = 0;
  // When turn() has to be called even if nobody asks anything.
  [[nodiscard]] virtual Timestamp next_deadline() const = 0;

  [[nodiscard]] virtual Ownership ownership() const = 0;
  [[nodiscard]] virtual Sequence durable_tail() const = 0;
  [[nodiscard]] virtual bool is_appending() const = 0;  // between begin_append() and finish_append()
  // Nothing is decided that is not durable, and nobody waits for an answer.
  [[nodiscard]] virtual bool is_quiet() const = 0;

  // --- Ownership. The log has been opened: resume() at the cell; if it says so, replay() on the thread that claims,
  // while turns refuse everything; then install() at the cell. ---

  // As whom the log is opened.
  [[nodiscard]] virtual log::Opener opener() const = 0;
  [[nodiscard]] virtual Resumed resume(const log::Lease& lease, Timestamp wall) = 0;
  [[nodiscard]] virtual Result<Recovered> replay(const log::Lease& lease) = 0;
  virtual void install() = 0;
  // Decides nothing more. What is under way becomes durable.
  virtual void begin_release() = 0;
  // When all is durable: the machine goes, and the log is anybody's.
  virtual void finish_release() = 0;
  // Whoever waits for a batch of which the store does not know hears just that. For the end of the process.
  virtual void give_up_doubt() = 0;

  // --- Snapshots: at the cell, in slices between turns. One begins by itself with a batch when it is due. ---

  // Begins one now, of a quiet cell, in the place of any other.
  virtual void begin_snapshot() = 0;
  // The one under way, once the batch that it is the state after is durable.
  [[nodiscard]] virtual std::optional<SnapshotToWrite> snapshot_to_write() const = 0;
  // Appends the next part of the snapshot of that number.
  [[nodiscard]] virtual SnapshotPart save_part(uint64_t number, std::vector<std::byte>& part) = 0;
  // It is saved, or never will be. The next one begins after the usual number of events in any case.
  virtual void finish_snapshot(uint64_t number, SnapshotEnd end) = 0;
  // Since the last one that was saved.
  [[nodiscard]] virtual uint64_t events_since_snapshot() const = 0;
};

}  // namespace doorbuster::cell
