#include "log/rocksdb/rocksdb_log.h"

#include <fcntl.h>

#include <algorithm>
#include <cstdio>
#include <limits>
#include <string>

#include "base/bug_zoo.h"
#include "log/rocksdb/identity_file.h"

namespace doorbuster::log {
namespace {

namespace fs = std::filesystem;

constexpr const char* kStoreFolder = "batches";
constexpr const char* kAdvice =
    "Restore the folder from a copy, or start once with --log-allow-lost-tail to go on without them.";

bool any_file(const fs::path& folder, std::string_view suffix) {
  std::error_code ignored;
  return std::ranges::any_of(fs::directory_iterator(folder, ignored),
                             [&](const fs::directory_entry& entry) { return entry.path().extension() == suffix; });
}

// RocksDB reads its live log files without syncing them. What was read is soon shown outside, so it must be durable
// first.
Result<void> sync_live_files(const fs::path& folder) {
  std::error_code ignored;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, ignored)) {
    if (entry.path().extension() != ".log") continue;
    const File file = TRY(File::open(entry.path(), O_RDONLY));
    TRY(file.sync_data());
  }
  return {};
}

Result<File> take_lock(const fs::path& directory) {
  File lock = TRY(File::open(directory / "lock", O_RDWR | O_CREAT));
  if (TRY(lock.try_lock())) return lock;
  return fail(ErrorCode::kUnavailable, "another server is using " + directory.string() +
                                           ": stop it first, or give this one a folder of its own");
}

// Before anything is made: what is left of a log whose batches are gone is not taken for the beginning of one.
Result<void> check_parts(const fs::path& directory, const fs::path& store_folder) {
  if (!has_log(directory) || fs::exists(store_folder / "CURRENT")) return {};
  const bool is_begun = any_file(directory, ".mark") || any_file(directory, ".snapshot");
  if (!is_begun && !fs::exists(directory / "identity")) return {};
  return fail(ErrorCode::kCorrupt, store_folder.string() +
                                       " is missing or is not a store, though the other parts of "
                                       "the log are there. Restore the folder from a copy.");
}

std::string name_of(CellId cell) { return "cell " + std::to_string(cell.value()); }

}  // namespace

void report_on_standard_error(std::string_view sentence) {
  std::fprintf(stderr, "%.*s\n", static_cast<int>(sentence.size()), sentence.data());
}

// Only a folder that never held a log may get a new store: RocksDB, told to create one, deletes what it does not know.
Result<std::unique_ptr<RocksdbLog>> RocksdbLog::start(Options options) {
  const fs::path store_folder = options.directory / kStoreFolder;
  TRY(check_parts(options.directory, store_folder));
  TRY(make_directories(store_folder));
  File lock = TRY(take_lock(options.directory));
  const bool create = !any_file(options.directory, ".mark") && !any_file(store_folder, ".sst");
  TRY(sync_live_files(store_folder));
  auto store = BatchStore::open(store_folder, create);
  if (!store && store.error().code == ErrorCode::kCorrupt) {
    return fail(ErrorCode::kCorrupt, store.error().message + ". Restore the folder from a copy.");
  }
  if (!store) return tl::unexpected(store.error());
  return std::unique_ptr<RocksdbLog>(new RocksdbLog(std::move(options), std::move(lock), std::move(*store)));
}

RocksdbLog::RocksdbLog(Options options, File lock, std::unique_ptr<BatchStore> store)
    : options_(std::move(options)),
      lock_(std::move(lock)),
      store_(std::move(store)),
      mark_syncer_(options_.mark_sync_interval) {}

RocksdbLog::~RocksdbLog() = default;

RocksdbLog::Owned& RocksdbLog::owned(CellId cell) {
  const std::scoped_lock lock(cells_mutex_);
  auto& found = cells_[cell];
  if (!found) found = std::make_unique<Owned>();
  return *found;
}

fs::path RocksdbLog::path(CellId cell, std::string_view suffix) const {
  return options_.directory / ("cell-" + std::to_string(cell.value()) + std::string(suffix));
}

// The mark names the new epoch before the store does: of the two, the newer one counts.
Result<Lease> RocksdbLog::open(CellId cell, const Opener& opener) {
  Owned& state = owned(cell);
  const std::scoped_lock lock(state.writing);
  const auto before = TRY(store_->owner(cell));
  const ChainReader end = TRY(find_end(cell));
  TRY(check_kind(cell, end.kind().is_said() || !before ? end.kind() : before->kind, opener.kind));
  state.mark.reset();
  state.epoch = Epoch();
  const Epoch stored_epoch = TRY(store_->epoch(cell));
  const std::optional<Mark> mark = TRY(find_mark(cell, stored_epoch, end));
  const Epoch newest = std::max({stored_epoch, end.epoch(), mark ? mark->epoch : Epoch()});
  const Lease lease{
      .cell = cell, .epoch = Epoch(newest.value() + 1), .tail = end.last(), .chain = end.chain(), .kind = opener.kind};
  state.mark = TRY(MarkFile::create(path(cell, ".mark"),
                                    {.cell = cell, .epoch = lease.epoch, .tail = lease.tail, .chain = lease.chain},
                                    mark_syncer_));
  store_->put_epoch(cell, lease.epoch, opener);
  state.tail = lease.tail.value();
  state.epoch = lease.epoch;
  remove_drafts(cell);
  return lease;
}

Result<ChainReader> RocksdbLog::find_end(CellId cell) const {
  BatchStore::Cursor cursor(*store_, cell);
  cursor.to_at_or_before(Sequence(std::numeric_limits<uint64_t>::max() - 1));
  TRY(cursor.status());
  if (!cursor.valid()) return ChainReader(cell);
  const auto end = ChainReader::behind(cell, cursor.stored());
  if (!end) return wrong_batch(cell, cursor.first(), end.error());
  return end;
}

// The mark, if the log keeps what it says. A log that was ever opened has one.
Result<std::optional<Mark>> RocksdbLog::find_mark(CellId cell, Epoch stored_epoch, const ChainReader& end) {
  const auto found = MarkFile::find(path(cell, ".mark"), cell);
  const bool missing = found ? !found->has_value() : found.error().code == ErrorCode::kCorrupt;
  if (!found && !missing) return tl::unexpected(found.error());
  if (!missing) TRY(check_against_mark(**found, end));
  if (!missing) return *found;
  if (found && stored_epoch == Epoch() && end.last() == Sequence()) return std::nullopt;
  const std::string loss = name_of(cell) + ": the high-water mark " + path(cell, ".mark").string() +
                           " is missing or damaged, so nobody can tell whether the log's end is whole";
  TRY(accept_loss({.cell = cell, .epoch = {}, .tail = {}, .chain = {}}, end, loss));
  return std::nullopt;
}

Result<void> RocksdbLog::check_against_mark(const Mark& mark, const ChainReader& end) {
  if (end.last() < mark.tail) return accept_loss(mark, end, describe_loss(mark, end.last()));
  BatchStore::Cursor cursor(*store_, mark.cell);
  cursor.to_at_or_before(mark.tail);
  TRY(cursor.status());
  if (!cursor.valid()) return {};  // tail 0: an empty log
  const auto reader = ChainReader::behind(mark.cell, cursor.stored());
  if (!reader) return wrong_batch(mark.cell, cursor.first(), reader.error());
  if (reader->last() == mark.tail && reader->chain() == mark.chain) return {};
  const Error reason{ErrorCode::kCorrupt,
                     "the high-water mark knows another batch there. Restore the folder from a copy"};
  return wrong_batch(mark.cell, cursor.first(), reason);
}

Result<void> RocksdbLog::accept_loss(const Mark& mark, const ChainReader& end, const std::string& loss) {
  if (!options_.allow_lost_tail) return fail(ErrorCode::kCorrupt, loss + ". " + kAdvice);
  options_.report(loss + ". The operator allowed it: the log goes on after event " +
                  std::to_string(end.last().value()) + ".");
  const auto snapshot = read_snapshot(mark.cell);
  if (snapshot && (!*snapshot || (*snapshot)->head().at <= end.last())) return {};
  return set_aside_snapshot(mark.cell, snapshot ? "the snapshot is from beyond that event" : snapshot.error().message);
}

// The cells are locked in the order of their numbers, and each of the others locks only one at a time.
void RocksdbLog::append_together(std::span<Append> appends) {
  check_appends(appends);
  std::vector<Append*> in_order;
  for (Append& append : appends) in_order.push_back(&append);
  std::ranges::sort(in_order, {}, [](const Append* append) { return append->lease->cell; });
  std::vector<std::unique_lock<std::mutex>> locks;
  std::vector<BatchStore::Put> puts;
  for (Append* append : in_order) {
    Owned& state = owned(append->lease->cell);
    locks.emplace_back(state.writing);
    const bool is_owner = state.epoch == append->lease->epoch || bug_planted(Bug::kForgottenEpoch);
    append->outcome = is_owner ? Appended::kDurable : Appended::kFenced;
    if (is_owner) puts.push_back(stored_form(*append, state));
  }
  if (!puts.empty()) store_->put_batches(puts);
  for (const Append* append : in_order) {
    if (append->outcome == Appended::kDurable) confirm(*append, owned(append->lease->cell));
  }
}

BatchStore::Put RocksdbLog::stored_form(const Append& append, Owned& state) {
  const Lease& lease = *append.lease;
  encode_batch(stored_batch(lease, *append.batch), state.stored);
  return {.cell = lease.cell, .first = append.batch->first, .stored = state.stored};
}

void RocksdbLog::confirm(const Append& append, Owned& state) {
  Lease& lease = *append.lease;
  lease.tail = last_of(*append.batch);
  lease.chain = chain_after(lease.chain, state.stored);
  state.tail = lease.tail.value();
  state.mark->raise({.cell = lease.cell, .epoch = lease.epoch, .tail = lease.tail, .chain = lease.chain});
}

Durability RocksdbLog::durability() const {
  return {.store = "rocksdb",
          .guarantee = "fsync before acknowledgement",
          .survives_process_crash = true,
          .survives_power_loss = true};
}

Result<std::vector<CellRow>> RocksdbLog::cells() {
  std::vector<CellRow> rows;
  for (const CellId cell : TRY(store_->cells())) {
    const ChainReader end = TRY(find_end(cell));
    const auto owner = TRY(store_->owner(cell));
    rows.push_back({.cell = cell,
                    .epoch = TRY(store_->epoch(cell)),
                    .tail = end.last(),
                    .kind = owner ? owner->kind : end.kind(),
                    .owner = owner ? owner->owner : ""});
  }
  return rows;
}

Result<void> RocksdbLog::read(CellId cell, MachineKind kind, Sequence from, const Visit& visit) {
  const Sequence durable(owned(cell).tail);
  BatchStore::Cursor cursor(*store_, cell);
  ChainReader reader = TRY(reader_before(cursor, cell, kind, from));
  for (; cursor.valid(); cursor.next()) {
    const StoredBatch found = TRY(reader.accept(cursor.stored()));
    if (reader.last() < from) continue;
    if (!visit(found.batch)) return {};
  }
  TRY(cursor.status());
  if (reader.last() >= durable) return {};
  return lost_tail({.cell = cell, .epoch = {}, .tail = durable, .chain = {}}, reader.last(),
                   "Stop the server and restore the folder from a copy.");
}

// Leaves the cursor on the batch that holds `from`, and knows the chain from the one before it.
Result<ChainReader> RocksdbLog::reader_before(BatchStore::Cursor& cursor, CellId cell, MachineKind kind,
                                              Sequence from) const {
  cursor.to_at_or_before(from);
  if (cursor.valid()) cursor.previous();
  TRY(cursor.status());
  if (!cursor.valid()) {
    cursor.to_first();
    return ChainReader(cell, kind);
  }
  const auto reader = ChainReader::behind(cell, cursor.stored(), kind);
  if (!reader) return wrong_batch(cell, cursor.first(), reader.error());
  cursor.next();
  return reader;
}

}  // namespace doorbuster::log
