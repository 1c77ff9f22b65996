// What one endpoint has still to be told of one source: a pure state machine, without network, clock or threads.
//
// Each key (a hold, an entry, a sale) has a lane: its deliveries go out one after the other or together in one request,
// and one that fails holds back only its own lane. What is read ahead is bounded by the number of deliveries that are
// not made yet. What was delivered is known as a position and ranges above it (sequence_ranges.h): after a restart the
// rest is delivered, so each is delivered at least once. Every call costs a logarithm of what waits at most.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/time.h"
#include "platform/webhooks/delivery.h"
#include "platform/webhooks/sequence_ranges.h"

namespace doorbuster::platform {

class Lanes {
 public:
  Lanes(SequenceRanges done, size_t window_max)
      : window_max_(window_max), done_(std::move(done)), read_to_(done_.position()) {}

  // Whether there is room to read on, and behind which sequence.
  [[nodiscard]] bool wants_more() const { return entries_.size() < window_max_; }
  [[nodiscard]] uint64_t read_after() const { return read_to_; }

  // Of what was read: a delivery, and how far there is nothing to deliver. Between them and read_after() there is
  // nothing to deliver either. A delivery that was made before a restart is not made again.
  void add(TracedDelivery traced);
  void skip_to(uint64_t sequence);

  // Up to `max` deliveries to be sent now in one request, in the order of the log; they are in flight until a call
  // below names them all. Empty if there is none.
  [[nodiscard]] std::vector<TracedDelivery> take_due(Timestamp now, size_t max);
  // When take_due may have something again without further calls; nothing if only those can change that.
  [[nodiscard]] std::optional<Timestamp> next_due() const;

  void delivered(const std::vector<TracedDelivery>& request);
  // Due again after `pause(n)` for one that failed for the n-th time in a row. `apart`: from now on each of them goes
  // alone, as another one of the request may be the reason.
  using Pause = std::function<Duration(uint32_t failed_attempts)>;
  void failed(const std::vector<TracedDelivery>& request, Timestamp now, bool apart, const Pause& pause);
  // Nothing waits longer than that. Costs the number of those that do.
  void hurry(Timestamp latest);
  // All that waits is due at once, and its failures are forgotten.
  void retry_now();

  [[nodiscard]] const SequenceRanges& done() const { return done_; }
  [[nodiscard]] size_t waiting() const { return entries_.size(); }
  // The oldest delivery that is not made; null if there is none.
  [[nodiscard]] const Delivery* oldest() const {
    return entries_.empty() ? nullptr : entries_.begin()->second.traced.delivery.get();
  }

 private:
  // A lane's deliveries that are not made, in order; those in flight are its first.
  struct Lane {
    uint64_t first = 0;
    uint64_t last = 0;
    uint32_t in_flight = 0;
  };
  struct Entry {
    TracedDelivery traced;
    Lane* lane;
    uint64_t next = 0;  // of its lane; 0: it is the last
    Timestamp due = {};
    uint32_t failed_attempts = 0;
    bool in_flight = false;
    bool alone = false;
  };

  void schedule(const Lane& lane);
  void wake(Timestamp now);
  void land(Entry& entry);

  const size_t window_max_;
  SequenceRanges done_;
  uint64_t read_to_;
  std::map<uint64_t, Entry> entries_;            // by sequence; not delivered
  std::unordered_map<std::string, Lane> lanes_;  // by key; none is empty
  // Every lane with nothing in flight has its first delivery in one of these.
  std::set<uint64_t> ready_;
  std::set<uint64_t> ready_alone_;
  std::set<std::pair<Timestamp, uint64_t>> delayed_;
};

}  // namespace doorbuster::platform
