#include "base/server_clock.h"

#include <algorithm>
#include <ctime>
#include <utility>

#include "base/bug_zoo.h"

namespace doorbuster {
namespace {

constexpr int64_t kSecond = 1'000'000;
constexpr int64_t kLookEvery = kSecond / 20;
constexpr int64_t kCorrectionMax = kSecond / ServerClock::kSlewParts;

}  // namespace

Duration MachineSteady::elapsed() const {
  timespec spec{};
  clock_gettime(CLOCK_BOOTTIME, &spec);
  return Duration::micros(spec.tv_sec * kSecond + spec.tv_nsec / 1'000);
}

// The correction is at most a twentieth of the time over which it is spread, so this grows with time.
int64_t ServerClock::Range::at(int64_t steady_micros) const {
  const int64_t passed = std::max<int64_t>(steady_micros - steady, 0);
  return server + passed + correction * std::min(passed, kSecond) / kSecond;
}

ServerClock::ServerClock(const Clock& wall, const SteadySource& steady, std::function<void(const State&)> on_jump)
    : wall_(wall), steady_(steady), on_jump_(std::move(on_jump)) {
  begin_range(steady_.elapsed().micros(), wall_.now().micros());
}

ServerClock::Range ServerClock::read() const {
  while (true) {
    const uint64_t before = version_.load(std::memory_order_acquire);
    const Range range{.steady = range_steady_.load(std::memory_order_acquire),
                      .server = range_server_.load(std::memory_order_acquire),
                      .correction = range_correction_.load(std::memory_order_acquire)};
    if (before % 2 == 0 && version_.load(std::memory_order_acquire) == before) return range;
  }
}

void ServerClock::write(const Range& range) const {
  version_.fetch_add(1, std::memory_order_acq_rel);
  range_steady_.store(range.steady, std::memory_order_release);
  range_server_.store(range.server, std::memory_order_release);
  range_correction_.store(range.correction, std::memory_order_release);
  version_.fetch_add(1, std::memory_order_release);
}

// The range is read before the steady clock, so that it has begun by then.
Timestamp ServerClock::now() const {
  if (bug_planted(Bug::kClockGoesBack)) return wall_.now();
  Range range = read();
  const int64_t steady = steady_.elapsed().micros();
  if (steady - range.steady >= kLookEvery) {
    look(steady);
    range = read();
  }
  return Timestamp::from_micros(range.at(std::max(steady, range.steady)));
}

// Whoever comes while another thread looks goes on by what was seen before.
void ServerClock::look(int64_t steady) const {
  const std::unique_lock lock(mutex_, std::try_to_lock);
  if (!lock.owns_lock()) return;
  const Range range = read();
  if (steady - range.steady < kLookEvery) return;
  const bool was_apart = state().is_apart();
  begin_range(steady, range.at(steady));
  State seen = state();
  if (seen.is_apart() == was_apart) return;
  if (!was_apart) seen.jumps = jumps_.fetch_add(1, std::memory_order_relaxed) + 1;
  if (on_jump_) on_jump_(seen);
}

void ServerClock::begin_range(int64_t steady, int64_t server) const {
  const int64_t behind = wall_.now().micros() - server;
  ahead_.store(-behind, std::memory_order_relaxed);
  write({.steady = steady, .server = server, .correction = std::clamp(behind, -kCorrectionMax, kCorrectionMax)});
}

ServerClock::State ServerClock::state() const {
  return {.ahead = Duration::micros(ahead_.load(std::memory_order_relaxed)),
          .jumps = jumps_.load(std::memory_order_relaxed)};
}

void ServerClock::not_before(Timestamp at) {
  State seen;
  {
    const std::lock_guard lock(mutex_);
    const int64_t steady = steady_.elapsed().micros();
    const bool was_apart = state().is_apart();
    begin_range(steady, std::max(read().at(steady), at.micros()));
    seen = state();
    if (was_apart || !seen.is_apart()) return;
    seen.jumps = jumps_.fetch_add(1, std::memory_order_relaxed) + 1;
  }
  if (on_jump_) on_jump_(seen);
}

}  // namespace doorbuster
