#include <fcntl.h>

#include <string>

#include "base/bug_zoo.h"
#include "base/outgoing_file.h"
#include "log/rocksdb/rocksdb_log.h"
#include "log/snapshot_codec.h"

namespace doorbuster::log {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kSnapshotSuffix = ".snapshot";
constexpr std::string_view kAsideSuffix = ".snapshot.aside";
constexpr std::string_view kDraftSuffix = ".snapshot.of-epoch-";

tl::unexpected<Error> owned_by_another_server(CellId cell) {
  return fail(ErrorCode::kFenced,
              "cell " + std::to_string(cell.value()) + ": a newer epoch owns the log and makes the snapshots now");
}

class StoredFile final : public StoredBytes {
 public:
  explicit StoredFile(File file) : file_(std::move(file)) {}
  Result<size_t> read_at(uint64_t offset, std::span<std::byte> out) override { return file_.read_at(offset, out); }

 private:
  const File file_;
};

}  // namespace

// A snapshot that is being written: a file beside the one that it will replace.
class RocksdbLog::Draft final : public SnapshotWriter {
 public:
  Draft(RocksdbLog& log, const Lease& lease, fs::path path, GrowingFile file)
      : log_(log), cell_(lease.cell), epoch_(lease.epoch), path_(std::move(path)), file_(std::move(file)) {}

  ~Draft() override {
    if (!committed_) remove_gently(path_);
  }

  Result<void> begin(const SnapshotHead& head) { return file_.append(encoder_.header(cell_, head)); }
  Result<void> add(Bytes part) override { return file_.append(encoder_.part(part)); }

  Result<void> commit() override {
    ASSERT(!committed_);
    TRY(file_.append(encoder_.end()));
    TRY(file_.sync());
    OutgoingFile old(log_.path(cell_, kSnapshotSuffix));  // so that appends wait for a rename, and not until it is gone
    TRY(log_.put_snapshot_in_place(cell_, epoch_, path_));
    committed_ = true;
    old.give_back();
    return {};
  }

 private:
  RocksdbLog& log_;
  const CellId cell_;
  const Epoch epoch_;
  const fs::path path_;
  GrowingFile file_;
  SnapshotEncoder encoder_;
  bool committed_ = false;
};

Result<std::unique_ptr<SnapshotWriter>> RocksdbLog::write_snapshot(const Lease& lease, const SnapshotHead& head) {
  ASSERT(place_in_log(lease.cell, head) == SnapshotPlace::kEndOfABatch);
  const bool in_place = bug_planted(Bug::kSnapshotNotAtomic);
  const fs::path draft = in_place ? path(lease.cell, kSnapshotSuffix)
                                  : path(lease.cell, kDraftSuffix) += std::to_string(lease.epoch.value());
  Owned& state = owned(lease.cell);
  const std::scoped_lock lock(state.writing);  // whoever opens now has our draft to remove, or lets us not begin it
  if (state.epoch != lease.epoch && !bug_planted(Bug::kForgottenEpoch)) return owned_by_another_server(lease.cell);
  GrowingFile made = TRY(GrowingFile::create(draft));
  auto writer = std::make_unique<Draft>(*this, lease, draft, std::move(made));
  TRY(writer->begin(head));
  return writer;
}

Result<void> RocksdbLog::put_snapshot_in_place(CellId cell, Epoch epoch, const fs::path& draft) {
  Owned& state = owned(cell);
  const std::scoped_lock lock(state.writing);
  if (state.epoch != epoch && !bug_planted(Bug::kForgottenEpoch)) return owned_by_another_server(cell);
  if (bug_planted(Bug::kSnapshotNotAtomic)) return {};
  return replace_file(draft, path(cell, kSnapshotSuffix));
}

Result<SnapshotPlace> RocksdbLog::place_in_log(CellId cell, const SnapshotHead& head) const {
  BatchStore::Cursor cursor(*store_, cell);
  cursor.to_at_or_before(head.at);
  TRY(cursor.status());
  return place_of(head, cell, cursor.valid() ? cursor.stored() : Bytes());
}

Result<std::unique_ptr<SnapshotReader>> RocksdbLog::read_snapshot(CellId cell) {
  const fs::path file = path(cell, kSnapshotSuffix);
  std::error_code ignored;
  if (!fs::exists(file, ignored)) return nullptr;
  File opened = TRY(File::open(file, O_RDONLY));
  auto reader = TRY(decode_snapshot(cell, std::make_unique<StoredFile>(std::move(opened))));
  if (place_in_log(cell, reader->head()) != SnapshotPlace::kAnotherLog) return reader;
  return wrong_place(reader->head());
}

Result<void> RocksdbLog::set_aside_snapshot(CellId cell, std::string_view why) {
  const fs::path file = path(cell, kSnapshotSuffix);
  const fs::path aside = path(cell, kAsideSuffix);
  std::error_code ignored;
  if (!fs::exists(file, ignored)) return {};
  TRY(replace_file(file, aside));
  options_.report(describe_set_aside(cell, why, aside.string()));
  return {};
}

// What an owner that ended while it wrote a snapshot has left.
void RocksdbLog::remove_drafts(CellId cell) const {
  const std::string begin = path(cell, kDraftSuffix).filename().string();
  std::error_code ignored;
  for (const fs::directory_entry& entry : fs::directory_iterator(options_.directory, ignored)) {
    if (entry.path().filename().string().starts_with(begin)) fs::remove(entry.path(), ignored);
  }
}

}  // namespace doorbuster::log
