// When to ask another server again, and when to leave it alone: policies without clocks or threads of their own.
#pragma once

#include <cstdint>
#include <optional>

#include "base/time.h"

namespace doorbuster::net {

// Exponential backoff with jitter: the pause doubles from `first` to `longest`, and of each pause a random half is cut,
// so that callers who failed together do not come back together.
struct RetryPolicy {
  uint32_t attempts_max = 4;
  Duration first = Duration::millis(200);
  Duration longest = Duration::seconds(5);

  [[nodiscard]] bool may_retry(uint32_t failed_attempts) const { return failed_attempts < attempts_max; }

  // How long to wait after that many failed attempts in a row (1 or more). `random` is any uniform number. What the
  // peer asked for (Retry-After) is honoured up to `longest`.
  [[nodiscard]] Duration pause(uint32_t failed_attempts, uint64_t random, std::optional<Duration> asked = {}) const;
};

// Leaves a server alone that keeps failing (Nygard, "Release It!", 2007): after `failures_to_open` failures in a row
// nothing is allowed for `open_time`, then one trial at a time until one succeeds. Used by one thread at a time.
class CircuitBreaker {
 public:
  struct Options {
    uint32_t failures_to_open = 5;
    Duration open_time = Duration::seconds(5);
  };
  enum class State { kClosed, kOpen, kTrial };

  explicit CircuitBreaker(Options options) : options_(options) {}

  // Whether a request may go out now. Each that may must be followed by succeeded() or failed().
  [[nodiscard]] bool allow(Timestamp now);
  void succeeded();
  void failed(Timestamp now);
  [[nodiscard]] State state() const { return state_; }

 private:
  Options options_;
  State state_ = State::kClosed;
  uint32_t failures_ = 0;  // in a row
  Timestamp open_until_;
};

}  // namespace doorbuster::net
