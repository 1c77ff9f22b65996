// A disk in memory that forgets and breaks the way real ones do, and does it again in the same way from the same seed.
//
// It holds named records. A write, rename or erasure is seen at once but survives a crash only after a sync(); until
// then a crash keeps it, drops it, or (a write) tears it. Every operation can be told to fail, to stall or to be the
// moment of the crash. After a crash the disk refuses everything until restart(), so whatever still runs of the old
// process can do no more harm.
//
// Any thread may call it; each call is atomic, and exclusive() makes several calls one.
#pragma once

#include <array>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/prng.h"
#include "base/strong.h"
#include "base/time.h"

namespace doorbuster::log {

enum class RecordKind : uint8_t { kMark, kBatch, kSnapshot, kSnapshotDraft, kSnapshotAside, kOwner };

struct RecordName {
  RecordKind kind = RecordKind::kMark;
  CellId cell;
  uint64_t number = 0;
  auto operator<=>(const RecordName&) const = default;
};

// What can happen to one operation.
//   kFailsDone    it reports a failure, but has happened
//   kFailsUndone  it reports a failure, and has not happened; with a sync, what was unsynced is gone, as Linux drops
//   dirty pages kCrash        the power goes in the middle of it kStall        it takes long: on_stall is called, then
//   it goes well
enum class Fault : uint8_t { kNone, kFailsDone, kFailsUndone, kCrash, kStall };
inline constexpr std::array<std::string_view, 5> kFaultNames = {"none", "fails_done", "fails_undone", "crash", "stall"};

enum class DiskResult : uint8_t { kDone, kFailed, kOff };

class SimulatedDisk {
 public:
  struct Options {
    uint64_t seed = 0;
    // What a crash may do with unsynced operations. Without `reorder` those that survive are the oldest ones.
    bool tear = true;
    bool reorder = true;
    // One in so many operations goes wrong by itself; 0 is never.
    uint64_t fail_one_in = 0;
    uint64_t crash_one_in = 0;
    uint64_t stall_one_in = 0;
    Duration stall_max = Duration::millis(100);
    std::function<void(Duration)> on_stall = nullptr;  // for example: advance a simulated clock, or sleep
  };

  explicit SimulatedDisk(Options options) : options_(std::move(options)), prng_(options_.seed) {}
  SimulatedDisk() : SimulatedDisk(Options{}) {}

  [[nodiscard]] DiskResult write(RecordName name, Bytes bytes);
  [[nodiscard]] DiskResult append(RecordName name, Bytes bytes);    // behind what is there
  [[nodiscard]] DiskResult rename(RecordName from, RecordName to);  // atomic, replaces `to`
  [[nodiscard]] DiskResult erase(RecordName name);
  [[nodiscard]] DiskResult sync();
  // How many syncs have failed and lost what was not synced, whosever it was. Whoever syncs later has to look: fsync(2)
  // of Linux tells everybody who has such a file open.
  [[nodiscard]] uint64_t losses() const;
  // An operation on something else that lies on the same disk: it is counted, and suffers what is planned for it.
  [[nodiscard]] DiskResult note_operation();

  // Reading sees unsynced operations too, as a file system's cache does; read_synced() sees what would survive a crash.
  [[nodiscard]] std::optional<std::vector<std::byte>> read(RecordName name) const;
  [[nodiscard]] std::optional<std::vector<std::byte>> read_synced(RecordName name) const;
  [[nodiscard]] std::optional<RecordName> at_or_after(RecordName name) const;
  [[nodiscard]] std::optional<RecordName> at_or_before(RecordName name) const;

  // The operation that comes `nth` from now (1 is the next) suffers `fault`. Several may be planned.
  void fail_at(uint64_t nth, Fault fault);
  // How many operations there were: to fail each of them in turn.
  [[nodiscard]] uint64_t operations() const;

  // The power goes now. Asserts that it had not.
  void crash();
  [[nodiscard]] bool crashed() const;
  void restart();

  // Changes stored bytes behind the log's back: flips one bit, cuts, or removes. Asserts that the record is there.
  void flip_bit(RecordName name, size_t bit);
  void truncate(RecordName name, size_t size);
  void remove(RecordName name);

  // Holds the disk for as long as the lock lives.
  [[nodiscard]] std::unique_lock<std::recursive_mutex> exclusive() const { return std::unique_lock(mutex_); }

 private:
  using Contents = std::map<RecordName, std::vector<std::byte>>;
  struct Pending {
    enum class Kind : uint8_t { kWrite, kAppend, kRename, kErase } kind;
    RecordName name;
    RecordName to;
    std::vector<std::byte> bytes;
    size_t offset = 0;  // of an append
  };

  DiskResult perform(Pending operation);
  Fault next_fault();
  Fault random_fault();
  void accept(Pending operation);
  void make_durable();
  void drop_unsynced();
  void lose_power();
  void survive(const Pending& operation, bool torn);
  std::vector<std::byte> torn(const Pending& write);
  static std::optional<std::vector<std::byte>> find(const Contents& contents, RecordName name);
  static void apply(Contents& contents, const Pending& operation);

  const Options options_;
  mutable std::recursive_mutex mutex_;
  Prng prng_;
  Contents durable_;
  Contents visible_;
  std::vector<Pending> pending_;  // oldest first
  std::map<uint64_t, Fault> planned_;
  uint64_t operations_ = 0;
  uint64_t losses_ = 0;
  bool off_ = false;
};

}  // namespace doorbuster::log
