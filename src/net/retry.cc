#include "net/retry.h"

#include <algorithm>

#include "base/assert.h"

namespace doorbuster::net {

Duration RetryPolicy::pause(uint32_t failed_attempts, uint64_t random, std::optional<Duration> asked) const {
  ASSERT(failed_attempts > 0 && first > Duration() && first <= longest);
  int64_t whole = first.micros();
  for (uint32_t i = 1; i < failed_attempts && whole < longest.micros(); ++i) whole *= 2;
  whole = std::min(whole, longest.micros());
  const int64_t half = whole / 2;
  const int64_t jittered = whole - static_cast<int64_t>(random % static_cast<uint64_t>(half + 1));
  const Duration wanted = std::min(asked.value_or(Duration()), longest);
  return std::max(Duration::micros(jittered), wanted);
}

bool CircuitBreaker::allow(Timestamp now) {
  if (state_ == State::kClosed) return true;
  if (state_ == State::kTrial || now < open_until_) return false;
  state_ = State::kTrial;
  return true;
}

void CircuitBreaker::succeeded() {
  state_ = State::kClosed;
  failures_ = 0;
}

void CircuitBreaker::failed(Timestamp now) {
  ++failures_;
  if (state_ == State::kClosed && failures_ < options_.failures_to_open) return;
  state_ = State::kOpen;
  open_until_ = now + options_.open_time;
}

}  // namespace doorbuster::net
