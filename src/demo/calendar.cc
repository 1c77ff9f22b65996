#include "demo/calendar.h"

#include "base/assert.h"

namespace doorbuster::demo {

void Calendar::add(TimePoint when, uint32_t person) {
  const std::lock_guard lock(mutex_);
  due_.emplace(when, person);
  changed_.notify_one();
}

void Calendar::again(TimePoint when, uint32_t person) {
  const std::lock_guard lock(mutex_);
  ASSERT(taken_ > 0);
  --taken_;
  due_.emplace(when, person);
  changed_.notify_one();
}

std::optional<uint32_t> Calendar::take() {
  std::unique_lock lock(mutex_);
  while (!stopped_) {
    if (due_.empty() && taken_ == 0) return std::nullopt;
    if (due_.empty()) {
      changed_.wait(lock);
    } else if (due_.top().first > std::chrono::steady_clock::now()) {
      changed_.wait_until(lock, due_.top().first);
    } else {
      const uint32_t person = due_.top().second;
      due_.pop();
      ++taken_;
      return person;
    }
  }
  return std::nullopt;
}

void Calendar::done() {
  const std::lock_guard lock(mutex_);
  ASSERT(taken_ > 0);
  --taken_;
  changed_.notify_all();
}

void Calendar::stop() {
  const std::lock_guard lock(mutex_);
  stopped_ = true;
  changed_.notify_all();
}

size_t Calendar::people() const {
  const std::lock_guard lock(mutex_);
  return due_.size() + taken_;
}

}  // namespace doorbuster::demo
