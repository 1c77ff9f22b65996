// A clock that stands still until it is moved. Any thread.
#pragma once

#include <atomic>

#include "base/time.h"

namespace doorbuster {

class SettableClock final : public Clock {
 public:
  explicit SettableClock(Timestamp at) : micros_(at.micros()) {}

  [[nodiscard]] Timestamp now() const override { return Timestamp::from_micros(micros_.load()); }
  void advance(Duration by) { micros_.fetch_add(by.micros()); }

 private:
  std::atomic<int64_t> micros_;
};

}  // namespace doorbuster
