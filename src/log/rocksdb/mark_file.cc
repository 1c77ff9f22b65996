#include "log/rocksdb/mark_file.h"

#include <fcntl.h>

#include <algorithm>
#include <chrono>
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
                                                   Duration sync_interval) {
  std::vector<std::byte> bytes(kSlots * kSlotBytes);
  std::ranges::copy(encode_mark(mark), bytes.begin());
  const std::filesystem::path draft = path.string() + ".new";
  TRY(write_synced(draft, bytes));
  TRY(replace_file(draft, path));
  File file = TRY(File::open(path, O_WRONLY));
  return std::unique_ptr<MarkFile>(new MarkFile(std::move(file), sync_interval));
}

MarkFile::MarkFile(File file, Duration sync_interval)
    : file_(std::move(file)), sync_interval_(sync_interval), syncer_([this] { sync_until_stopped(); }) {}

MarkFile::~MarkFile() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_one();
  syncer_.join();
}

void MarkFile::raise(const Mark& mark) {
  const auto bytes = encode_mark(mark);
  const std::scoped_lock lock(mutex_);
  must(file_.write_at(bytes, raised_slot_ * kSlotBytes));
  if (!std::exchange(raised_, true)) changed_.notify_one();
}

void MarkFile::sync_until_stopped() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [&] { return raised_ || stopping_; });
    if (!raised_) return;
    const size_t syncing = raised_slot_;
    raised_slot_ = kSlots - durable_slot_ - syncing;  // the slots are 0, 1, 2: what is left of their sum is the third
    raised_ = false;
    lock.unlock();
    must(file_.sync_data());
    lock.lock();
    durable_slot_ = syncing;
    changed_.wait_for(lock, std::chrono::microseconds(sync_interval_.micros()), [&] { return stopping_; });
  }
}

}  // namespace doorbuster::log
