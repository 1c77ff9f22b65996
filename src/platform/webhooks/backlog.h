// All that one endpoint has still to be told: its sources' lanes, how many requests may be under way, and how it fares.
// A pure state machine; the engine moves it.
//
// A delivery that fails is tried again after growing pauses and holds back its own lane. An endpoint of which several
// requests failed without a success between them is in trouble: until the next success it gets one request at a time,
// with pauses up to a minute, so that the dead are left alone and the recovered are found soon. What a receiver asks
// for by Retry-After holds for all of it.
#pragma once

#include <optional>
#include <vector>

#include "base/time.h"
#include "net/retry.h"
#include "platform/webhooks/lanes.h"
#include "platform/webhooks/position_file.h"

namespace doorbuster::platform {

inline constexpr uint32_t kInFlightDefault = 64;
inline constexpr uint32_t kInFlightMax = 256;
inline constexpr uint32_t kBatchMax = 256;

struct BacklogOptions {
  size_t window_max = 4'096;                  // of each source: deliveries read ahead and not made
  uint32_t in_flight_max = kInFlightDefault;  // requests
  uint32_t batch_max = 1;                     // deliveries a request
  net::RetryPolicy retry = {                  // of a delivery
      .attempts_max = UINT32_MAX,
      .first = Duration::seconds(1),
      .longest = Duration::seconds(4 * 3'600)};
  uint32_t trouble_after = 5;  // failures in a row
  Duration trouble_pause_max = Duration::seconds(60);
  Duration disable_after = Duration::seconds(3 * 86'400);  // of failing without one success
};

// Why a request failed.
struct Failure {
  Timestamp at;
  uint64_t random = 0;                 // any uniform number
  std::optional<Duration> asked = {};  // the receiver's Retry-After
  bool refused = false;                // the receiver has seen it and did not take it: of a batch, one may be to blame
};

class Backlog {
 public:
  // A source without a position begins at `newest` of it.
  struct Source {
    SourceId id;
    uint64_t newest = 0;
  };
  Backlog(const std::vector<Source>& sources, const EndpointPosition& position, const BacklogOptions& options);

  struct Request {
    size_t source = 0;  // the index of the lanes
    std::vector<TracedDelivery> deliveries;
  };
  // A request to be made now; it is in flight until one of the calls below. Nothing if there is none.
  [[nodiscard]] std::optional<Request> take_due(Timestamp now);
  // When take_due may have something again without further calls; nothing if only those can change that.
  [[nodiscard]] std::optional<Timestamp> next_due() const;
  void delivered(const Request& request, Timestamp now);
  void failed(const Request& request, const Failure& failure);

  // For reading on.
  [[nodiscard]] size_t sources() const { return lanes_.size(); }
  [[nodiscard]] Lanes& lanes(size_t source) { return lanes_[source]; }
  [[nodiscard]] const Lanes& lanes(size_t source) const { return lanes_[source]; }

  // It has failed for so long that trying on makes no sense.
  [[nodiscard]] bool exhausted(Timestamp now) const {
    return failing_since_ && *failing_since_ + options_.disable_after <= now;
  }
  // All that waits is due at once, and the time of failing begins anew.
  void retry_now();

  [[nodiscard]] std::optional<Timestamp> failing_since() const { return failing_since_; }
  [[nodiscard]] uint32_t in_flight() const { return in_flight_; }  // requests
  [[nodiscard]] size_t waiting() const;                            // read, not delivered
  [[nodiscard]] const Delivery* oldest() const;                    // by its time; null if nothing waits
  [[nodiscard]] std::vector<SourcePosition> positions(size_t ranges_max = kRangesSavedMax) const;

 private:
  [[nodiscard]] bool in_trouble() const { return failures_in_a_row_ >= options_.trouble_after; }
  [[nodiscard]] bool has_room() const { return in_flight_ < (in_trouble() ? 1 : options_.in_flight_max); }

  const BacklogOptions options_;
  std::vector<SourceId> ids_;
  std::vector<SourcePosition> absent_;  // of sources that this server does not have now: kept for when it has
  std::vector<Lanes> lanes_;            // one a source
  size_t turn_ = 0;                     // whose lanes are asked first
  uint32_t in_flight_ = 0;
  uint32_t failures_in_a_row_ = 0;
  uint32_t trouble_rounds_ = 0;
  Timestamp paused_until_;
  std::optional<Timestamp> failing_since_;
};

}  // namespace doorbuster::platform
