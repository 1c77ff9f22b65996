#include "log/rocksdb/mark_file.h"

#include <fcntl.h>

#include <algorithm>
#include <utility>

#include "log/rocksdb/end_process.h"

namespace doorbuster::log {
namespace {

constexpr size_t kSlots = 3;
constexpr size_t kSlotBytes = 4096;  // a page and at least a sector each, so that writing one never touches another

void must(const Result<void>& done) {
  if (!done) end_process(done.error().message);
}

}  // namespace

Result<std::optional<Mark>> MarkFile::find(const std::filesystem::path& path, CellId cell) {
  const auto bytes = TRY(read_file(path));
  if (!bytes) return std::nullopt;
  std::optional<Mark> newest;
  for (size_t slot = 0; slot < kSlots; ++slot) {
    if (bytes->size() < slot * kSlotBytes + kMarkBytes) break;
    const auto mark = decode_mark(cell, Bytes(*bytes).subspan(slot * kSlotBytes, kMarkBytes));
    if (mark && (!newest || newer(*mark, *newest))) newest = mark;
  }
  if (!newest) return fail(ErrorCode::kCorrupt, "the high-water mark in " + path.string() + " cannot be read");
  return newest;
}

Result<std::unique_ptr<MarkFile>> MarkFile::create(const std::filesystem::path& path, const Mark& mark,
                                                   MarkSyncer& syncer) {
  std::vector<std::byte> bytes(kSlots * kSlotBytes);
  std::ranges::copy(encode_mark(mark), bytes.begin());
  const std::filesystem::path draft = path.string() + ".new";
  TRY(write_synced(draft, bytes));
  TRY(replace_file(draft, path));
  File file = TRY(File::open(path, O_WRONLY));
  return std::unique_ptr<MarkFile>(new MarkFile(std::move(file), syncer));
}

MarkFile::MarkFile(File file, MarkSyncer& syncer) : file_(std::move(file)), syncer_(syncer) { syncer_.add(); }

MarkFile::~MarkFile() {
  std::unique_lock lock(mutex_);
  synced_.wait(lock, [&] { return !scheduled_ || syncer_.dequeue(*this); });
  if (raised_) must(file_.sync_data());
  syncer_.remove();
}

void MarkFile::raise(const Mark& mark) {
  const auto bytes = encode_mark(mark);
  const std::scoped_lock lock(mutex_);
  must(file_.write_at(bytes, raised_slot_ * kSlotBytes));
  raised_ = true;
  if (!std::exchange(scheduled_, true)) syncer_.enqueue(*this, next_due_);
}

void MarkFile::sync() {
  std::unique_lock lock(mutex_);
  const size_t syncing = raised_slot_;
  raised_slot_ = kSlots - durable_slot_ - syncing;  // the slots are 0, 1, 2: what is left of their sum is the third
  raised_ = false;
  lock.unlock();
  must(file_.sync_data());
  lock.lock();
  durable_slot_ = syncing;
  next_due_ = syncer_.next_due();
  scheduled_ = raised_;
  if (scheduled_) syncer_.enqueue(*this, next_due_);
  synced_.notify_one();  // under the lock: whoever waits for this is about to end the file
}

}  // namespace doorbuster::log
