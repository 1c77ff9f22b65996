// The event log: what a cell must be able to rely on, whatever stores it.
//
// One cell's log is a chain of batches. A batch holds consecutive events, carries a CRC-32C and continues a SHA-256
// chain, and is durable as a whole or not at all. There is one writer: open() fences every earlier lease by a new epoch
// that is itself durable before open() returns. The shape is what one conditional statement of PostgreSQL can do
// (compare epoch and next sequence, then insert), so that store fits behind the same port; see docs/formats/log.md for
// the bytes.
//
// A Log is used by one thread at a time per cell, except read(), which followers may call from their own threads at any
// time, and save_snapshot().
#pragma once

#include <array>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/crypto.h"
#include "base/result.h"
#include "base/strong.h"
#include "base/time.h"

namespace doorbuster::log {

// The largest payload of one batch. The port's own bound: small enough for a store to take it in one statement or
// record.
inline constexpr size_t kPayloadBytesMax = size_t{64} << 20;

// The largest state of one snapshot.
inline constexpr size_t kSnapshotBytesMax = size_t{1} << 30;

// What the writer holds after open(): its right to append, and where the log ends.
struct Lease {
  CellId cell;
  Epoch epoch;
  Sequence tail;  // of the last durable event; 0 if the log is empty
  Digest chain;   // of the last durable batch; all zero if the log is empty
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

// A machine's whole state after event `at`, to replay from.
struct Snapshot {
  Sequence at;
  Digest chain;  // of the batch that ends with `at`
  Timestamp time;
  std::vector<std::byte> state;
};

class Log {
 public:
  virtual ~Log() = default;

  // Takes the log over. Errors: kCorrupt if the tail lies below the high-water mark or the last batch is not what was
  // written (the message names the batch and what an operator can do), kIo, kUnavailable. It need not look at what lies
  // before the tail: read() verifies all that it passes.
  [[nodiscard]] virtual Result<Lease> open(CellId cell) = 0;

  // Appends if `lease` is still the newest and the log ends just before batch.first; blocks until it is durable. On
  // kDurable the lease's tail and chain are updated. Asserts batch.first == lease.tail + 1, count > 0, at most
  // kPayloadBytesMax.
  [[nodiscard]] virtual Appended append(Lease& lease, const Batch& batch) = 0;

  // Calls `visit` for each durable batch that holds an event >= from, in order, until it returns false. The views die
  // with the call. The first may begin before `from`. Verifies CRC, sequence and chain on the way, and at the end that
  // nothing durable is missing: kCorrupt names the first batch that is not what was written.
  using Visit = std::function<bool(const Batch&)>;
  [[nodiscard]] virtual Result<void> read(CellId cell, Sequence from, const Visit& visit) = 0;

  // Replaces the snapshot, durably and atomically. kFenced under an old lease. Asserts that snapshot.at is the end of a
  // durable batch and snapshot.chain its chain. Only the cell and epoch of the lease are looked at, so another thread
  // than the appending one may do this (it can take a second) with a copy of the lease.
  [[nodiscard]] virtual Result<void> save_snapshot(const Lease& lease, const Snapshot& snapshot) = 0;

  // The newest snapshot, if there is one and it is whole. A damaged one is kCorrupt: the operator may delete it, and
  // the log alone gives the same state. So is one that lies beyond the tail or does not belong to this chain.
  [[nodiscard]] virtual Result<std::optional<Snapshot>> load_snapshot(CellId cell) = 0;
};

}  // namespace doorbuster::log
