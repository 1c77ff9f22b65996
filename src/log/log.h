// The event log: what a cell must be able to rely on, whatever stores it.
//
// One cell's log is a chain of batches. A batch holds consecutive events, carries a CRC-32C and continues a SHA-256
// chain, and is durable as a whole or not at all. There is one writer: open() fences every earlier lease by a new epoch
// that is itself durable before open() returns. The shape is what one conditional statement of PostgreSQL can do
// (compare epoch and next sequence, then insert), so that store fits behind the same port; see docs/formats/log.md for
// the bytes.
//
// A Log is used by one thread at a time per cell (so append_together() by the one that has all of its cells), except
// read(), which followers may call from their own threads at any time, and write_snapshot() with its writer, which
// another thread may use while the first one appends.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/crypto.h"
#include "base/result.h"
#include "base/strong.h"
#include "base/time.h"
#include "log/machine_kind.h"

namespace doorbuster::log {

// The largest payload of one batch. The port's own bound: small enough for a store to take it in one statement or
// record.
inline constexpr size_t kPayloadBytesMax = size_t{64} << 20;

// The largest part of a snapshot. A snapshot has as many parts as it needs, and no bound of its own.
inline constexpr size_t kSnapshotPartBytesMax = size_t{1} << 20;

// Who opens a cell's log: for which machine, and under which name people know the process.
struct Opener {
  MachineKind kind;             // has to be said
  std::string_view owner = {};  // such as "host:process"; kOwnerBytesMax are kept of it
};
inline constexpr size_t kOwnerBytesMax = 255;

// What the writer holds after open(): its right to append, and where the log ends.
struct Lease {
  CellId cell;
  Epoch epoch;
  Sequence tail;     // of the last durable event; 0 if the log is empty
  Digest chain;      // of the last durable batch; all zero if the log is empty
  MachineKind kind;  // said by who opened it; every batch says it too
};

// A row of the table of cells: who opened this cell last, and how far its log goes.
struct CellRow {
  CellId cell;
  Epoch epoch;
  Sequence tail;
  MachineKind kind;
  std::string owner;  // "" if it was not said
  bool operator==(const CellRow&) const = default;
};

// Consecutive events, decided at one moment. Events are numbered first .. first + count - 1.
struct Batch {
  Sequence first;
  uint32_t count = 0;
  Timestamp at;
  Bytes payload;  // the events as the machine encoded them; the log does not look inside
};

// The last event of a batch.
[[nodiscard]] constexpr Sequence last_of(const Batch& batch) { return Sequence(batch.first.value() + batch.count - 1); }

// The three ends an append can have.
//   kDurable  the batch survives whatever happens next; the lease's tail and chain have moved on.
//   kFenced   a newer epoch owns the log; nothing was written, and nothing ever will be under this lease.
//   kUnknown  the store could not say (a lost connection, a cancelled commit): the batch may or may not be there.
//             Acknowledging is forbidden; the cell must open() again, replay, and only then knows.
// In every end but kDurable the lease is spent: do not append under it again.
enum class Appended { kDurable, kFenced, kUnknown };
inline constexpr std::array<std::string_view, 3> kAppendedNames = {"durable", "fenced", "unknown"};

// One cell's part of append_together().
struct Append {
  Lease* lease = nullptr;
  const Batch* batch = nullptr;
  Appended outcome = Appended::kUnknown;  // set by the call
};

// The chain that this lease would have once the batch is durable.
[[nodiscard]] Digest chain_after(const Lease& lease, const Batch& batch);

// What became of an append that ended as kUnknown, as the log tells once it was opened again: the new epoch fences what
// may still be under way, so the answer is final, and nothing has to be replayed to know it.
//   kWritten     the batch is durable: acknowledge it, and go on under the new lease
//   kNotWritten  it is not there: append it again under the new lease, or let it go
//   kOvertaken   somebody else has written since: only a replay tells
enum class InFlight { kWritten, kNotWritten, kOvertaken };
[[nodiscard]] InFlight find_in_flight(const Lease& before, const Batch& batch, const Lease& reopened);

// What an acknowledged batch survives, as the store itself attests it.
struct Durability {
  std::string_view store;
  std::string_view guarantee;             // a clause for people
  bool survives_process_crash = false;    // kill -9
  bool survives_power_loss = false;       // of the machine, with its disk
  bool survives_loss_of_machine = false;  // another machine has it too
};

// What a snapshot is of: a machine's whole state after event `at`, to replay from.
struct SnapshotHead {
  Sequence at;
  Digest chain;  // of the batch that ends with `at`
  Timestamp time;
  MachineKind kind;
  uint32_t version = 0;  // of the machine's own format; 0: written before snapshots said it, so the state itself has to
};

// Writes one snapshot, part after part. Destroyed without commit(), nothing has happened. An error of either call ends
// it. To be used up before the log ends.
class SnapshotWriter {
 public:
  virtual ~SnapshotWriter() = default;
  // 1 to kSnapshotPartBytesMax bytes, asserted.
  [[nodiscard]] virtual Result<void> add(Bytes part) = 0;
  // Replaces the snapshot by this one, durably and atomically. kFenced if a newer epoch owns the log by now. Once.
  [[nodiscard]] virtual Result<void> commit() = 0;
};

// Reads one snapshot, part after part, though a newer one may replace it meanwhile. The parts of a snapshot that turns
// out to be damaged are worthless, those before the damage too.
class SnapshotReader {
 public:
  virtual ~SnapshotReader() = default;
  [[nodiscard]] virtual const SnapshotHead& head() const = 0;
  // Replaces `part` by the next one; false: there was none left, and all of them are what was written. kCorrupt: they
  // are not. Not to be called after either.
  [[nodiscard]] virtual Result<bool> next(std::vector<std::byte>& part) = 0;
};

class Log {
 public:
  virtual ~Log() = default;

  // Takes the log over. Errors: kConflict if it is another machine's (an older batch that does not say whose is the
  // sale's), kCorrupt if the tail lies below the high-water mark or the last batch is not what was
  // written (the message names the batch and what an operator can do), kIo, kUnavailable. It need not look at what lies
  // before the tail: read() verifies all that it passes.
  [[nodiscard]] virtual Result<Lease> open(CellId cell, const Opener& opener) = 0;

  // Every cell that was ever opened, in the order of their numbers. The tail of one that is owned may be older than it
  // is by now. Any thread.
  [[nodiscard]] virtual Result<std::vector<CellRow>> cells() = 0;

  // Appends to the logs of several cells, each if its lease is still the newest and its log ends just before
  // batch.first; blocks until all of them are durable, by one sync. Each ends by itself, as if it were alone: one that
  // is fenced does not stop the others, and what a failing store makes unknown may be some of them or all. On kDurable
  // the lease's tail and chain are updated. Asserts that no cell comes twice, batch.first == lease.tail + 1, count > 0,
  // at most kPayloadBytesMax.
  virtual void append_together(std::span<Append> appends) = 0;

  // The same for one.
  [[nodiscard]] Appended append(Lease& lease, const Batch& batch) {
    Append one{.lease = &lease, .batch = &batch};
    append_together({&one, 1});
    return one.outcome;
  }

  // What this store promises for an append that ended as kDurable.
  [[nodiscard]] virtual Durability durability() const = 0;

  // Calls `visit` for each durable batch that holds an event >= from, in order, until it returns false. The views die
  // with the call. The first may begin before `from`. Verifies CRC, sequence and chain on the way, and at the end that
  // nothing durable is missing: kCorrupt names the first batch that is not what was written. kConflict: a machine of
  // another kind wrote it.
  using Visit = std::function<bool(const Batch&)>;
  [[nodiscard]] virtual Result<void> read(CellId cell, MachineKind kind, Sequence from, const Visit& visit) = 0;

  // The same for whoever can read what any machine wrote.
  [[nodiscard]] Result<void> read(CellId cell, Sequence from, const Visit& visit) {
    return read(cell, MachineKind(), from, visit);
  }

  // Begins a snapshot. kFenced under an old lease. Asserts that head.at is the end of a durable batch, head.chain its
  // chain, and that head.kind is said. Only the cell and epoch of the lease are looked at, and not after this call.
  [[nodiscard]] virtual Result<std::unique_ptr<SnapshotWriter>> write_snapshot(const Lease& lease,
                                                                               const SnapshotHead& head) = 0;

  // The newest snapshot; null if there is none. kCorrupt or kInvalid (a later version of this program wrote it) say why
  // it is of no use: then set it aside, and the log alone gives the same state. A head that lies beyond the tail is
  // given as it is: whoever knows the tail has to take it for what it is, a sign that the end of the log is missing.
  [[nodiscard]] virtual Result<std::unique_ptr<SnapshotReader>> read_snapshot(CellId cell) = 0;

  // Moves the snapshot out of the way, durably, and reports in one line where it lies and why. It is kept for a look
  // until the next one is set aside. To be called by the owner; nothing happens if there is none.
  [[nodiscard]] virtual Result<void> set_aside_snapshot(CellId cell, std::string_view why) = 0;
};

}  // namespace doorbuster::log
