#include "log/rocksdb/mark_syncer.h"

#include <algorithm>

#include "base/assert.h"
#include "base/this_thread.h"
#include "log/rocksdb/mark_file.h"

namespace doorbuster::log {

MarkSyncer::~MarkSyncer() {
  {
    const std::scoped_lock lock(mutex_);
    ASSERT(files_ == 0 && due_.empty());
    stopping_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void MarkSyncer::add() {
  const std::scoped_lock lock(mutex_);
  ++files_;
  if (threads_.size() < std::min(files_, kThreadsMax)) threads_.emplace_back([this] { sync_until_stopped(); });
}

void MarkSyncer::remove() {
  const std::scoped_lock lock(mutex_);
  --files_;
}

void MarkSyncer::enqueue(MarkFile& file, Due due) {
  {
    const std::scoped_lock lock(mutex_);
    due_.emplace(due, &file);
  }
  changed_.notify_one();
}

bool MarkSyncer::dequeue(const MarkFile& file) {
  const std::scoped_lock lock(mutex_);
  return std::erase_if(due_, [&](const auto& entry) { return entry.second == &file; }) > 0;
}

MarkSyncer::Due MarkSyncer::next_due() const { return std::chrono::steady_clock::now() + interval_; }

void MarkSyncer::sync_until_stopped() {
  begin_thread("marks");
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    if (due_.empty()) {
      changed_.wait(lock);
    } else if (const Due first = due_.begin()->first; first > std::chrono::steady_clock::now()) {
      changed_.wait_until(lock, first);
    } else {
      MarkFile& file = *due_.extract(due_.begin()).mapped();
      lock.unlock();
      file.sync();
      lock.lock();
    }
  }
}

}  // namespace doorbuster::log
