// What a reactor counts about itself: written by its own thread without a lock prefix, readable from every thread at
// any time.
#pragma once

#include <array>

#include "ops/metrics/counter.h"
#include "ops/metrics/histogram.h"

namespace doorbuster::net {

struct ReactorMetrics {
  ops::Gauge connections_open;
  ops::Counter connections_accepted;
  ops::Counter connections_refused;      // over a limit
  ops::Counter connections_evicted;      // to make room for others
  ops::Counter requests;                 // answered
  std::array<ops::Counter, 6> statuses;  // by class: [2] counts 200 to 299
  ops::Counter requests_refused;         // by this layer: malformed, too large, too slow
  ops::Counter deferred_expired;         // deferred answers that came too late
  ops::Counter bytes_received;
  ops::Counter bytes_sent;
  ops::Counter turns;
  // Microseconds from the turn that had the request whole to the answer.
  ops::Histogram latency_immediate;  // answered in the same turn
  ops::Histogram latency_deferred;   // answered later: it waited for a decision
};

}  // namespace doorbuster::net
