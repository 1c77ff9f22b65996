// One endpoint's deliveries on their way: a pure state machine, without network, clock or threads.
//
// Each sale has a lane: its deliveries go out one after the other, and one that fails holds back only its own sale.
// Beyond a bounded window nothing is read ahead. The position is the last sequence up to which everything was
// delivered: after a restart deliveries resume behind it, so each is made at least once.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "base/time.h"
#include "net/retry.h"
#include "platform/webhooks/delivery.h"

namespace doorbuster::platform {

inline constexpr size_t kLanesInFlight = 8;

struct LaneOptions {
  size_t window_max = 256;                // deliveries read ahead of the position
  size_t in_flight_max = kLanesInFlight;  // of different sales
  net::RetryPolicy retry = {
      .attempts_max = UINT32_MAX, .first = Duration::seconds(1), .longest = Duration::seconds(4 * 3'600)};
  Duration disable_after = Duration::seconds(3 * 86'400);  // of failing without one success
};

class Lanes {
 public:
  Lanes(uint64_t position, std::optional<Timestamp> failing_since, LaneOptions options)
      : options_(options), position_(position), last_added_(position), failing_since_(failing_since) {}

  // Whether there is room to read on, and behind which sequence.
  [[nodiscard]] bool wants_more() const { return entries_.size() < options_.window_max; }
  [[nodiscard]] uint64_t read_after() const { return last_added_; }

  // The delivery that was read; one that this endpoint did not subscribe to is skipped, which counts as delivered.
  void add(Delivery delivery);
  void skip(uint64_t sequence);

  // A delivery to be sent now; it is in flight until one of the calls below. Null if there is none.
  [[nodiscard]] const Delivery* take_due(Timestamp now);
  // When take_due may have something again without further calls; nothing if only those can change that.
  [[nodiscard]] std::optional<Timestamp> next_due() const;

  // The first success after failures also brings the other sales' retries near: a minute at most.
  void delivered(uint64_t sequence, Timestamp now);
  // Will be due again after a growing pause; `random` is any uniform number, `asked` the peer's Retry-After.
  void failed(uint64_t sequence, Timestamp now, uint64_t random, std::optional<Duration> asked);

  [[nodiscard]] uint64_t position() const { return position_; }
  [[nodiscard]] std::optional<Timestamp> failing_since() const { return failing_since_; }
  // It has failed for so long that trying on makes no sense.
  [[nodiscard]] bool hopeless(Timestamp now) const {
    return failing_since_ && *failing_since_ + options_.disable_after <= now;
  }
  // All that waits is due at once, and the time of failing begins anew.
  void retry_now();
  [[nodiscard]] size_t waiting() const { return entries_.size(); }

 private:
  enum class State : uint8_t { kWaiting, kInFlight, kDone };
  struct Entry {
    Delivery delivery;
    State state = State::kWaiting;
    Timestamp due;
    uint32_t failed_attempts = 0;
  };

  // Calls `visit(entry)` for the first entry of each sale that is not done, until it returns true.
  template <class Entries, class Visit>
  static void heads(Entries& entries, Visit&& visit);
  void advance();

  const LaneOptions options_;
  std::map<uint64_t, Entry> entries_;  // not yet behind the position
  uint64_t position_;
  uint64_t last_added_;
  std::optional<Timestamp> failing_since_;
  size_t in_flight_ = 0;
};

}  // namespace doorbuster::platform
