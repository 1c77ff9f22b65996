// The time by which a server decides: begun by the wall clock, counted on by a steady one, and led towards the wall
// clock by at most 1/20 of the time that passes.
//
// So a wall clock that is set, by an hour for two seconds or for good, makes no hold longer or shorter than by that
// twentieth, and opens no sale at once. What it does is seen: while the two are more than a second apart, state() says
// by how much, and `on_jump` is told of the beginning and the end. At a start the wall clock is believed, but never
// before what the log has seen (not_before). Time never goes back. docs/decisions/0069-a-servers-time.md
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>

#include "base/time.h"

namespace doorbuster {

// Counts on at the same pace, whatever anybody sets; from where is nobody's business.
class SteadySource {
 public:
  virtual ~SteadySource() = default;
  [[nodiscard]] virtual Duration elapsed() const = 0;
};

// Since the machine was started, times of sleep included.
class MachineSteady final : public SteadySource {
 public:
  [[nodiscard]] Duration elapsed() const override;
};

class ServerClock final : public Clock {
 public:
  static constexpr int64_t kSlewParts = 20;                    // of so many parts of the time that passes, one
  static constexpr Duration kApartMax = Duration::seconds(1);  // more is a jump

  struct State {
    Duration ahead;      // of the wall clock; less than nothing: behind it
    uint64_t jumps = 0;  // since the start
    [[nodiscard]] bool is_apart() const { return ahead > kApartMax || Duration() - ahead > kApartMax; }
  };

  // Both outlive it. `on_jump` is called on whatever thread asks for the time, when the state has begun or ceased to be
  // apart.
  ServerClock(const Clock& wall, const SteadySource& steady, std::function<void(const State&)> on_jump = {});

  // Any thread.
  [[nodiscard]] Timestamp now() const override;
  [[nodiscard]] State state() const;
  // From now on the time is that at least.
  void not_before(Timestamp at);

 private:
  // A stretch of time: from `steady` on, which was `server`, with `correction` more over its first second.
  struct Range {
    int64_t steady = 0;
    int64_t server = 0;
    int64_t correction = 0;
    [[nodiscard]] int64_t at(int64_t steady_micros) const;
  };
  [[nodiscard]] Range read() const;
  void write(const Range& range) const;
  void look(int64_t steady) const;
  void begin_range(int64_t steady, int64_t server) const;

  const Clock& wall_;
  const SteadySource& steady_;
  const std::function<void(const State&)> on_jump_;
  // One writer at a time, under mutex_; readers read again if the version was odd or has changed (a sequence lock).
  mutable std::mutex mutex_;
  mutable std::atomic<uint64_t> version_{0};
  mutable std::atomic<int64_t> range_steady_{0};
  mutable std::atomic<int64_t> range_server_{0};
  mutable std::atomic<int64_t> range_correction_{0};
  mutable std::atomic<int64_t> ahead_{0};
  mutable std::atomic<uint64_t> jumps_{0};
};

}  // namespace doorbuster
