// The time of a simulated server: the real clock of a server, over a clock on the wall that is set now and then; and
// the promise that what lasts a minute lasts a minute by it, within a twentieth, however that is set.
#pragma once

#include <string>

#include "base/server_clock.h"
#include "sim/site.h"

namespace doorbuster::sim {

class ServerTime {
 public:
  explicit ServerTime(Site& site) : site_(site), steady_(site.events), clock_(site.clock, steady_) { measure(); }

  [[nodiscard]] const Clock& clock() const { return clock_; }
  // As a server that has claimed a log.
  void not_before(Timestamp at) {
    clock_.not_before(at);
    measure();
  }
  // The clock on the wall was set, and the server does not go by it yet.
  [[nodiscard]] bool is_apart_from_wall() const {
    const Duration ahead = clock_.now() - site_.clock.now();
    return ahead > ServerClock::kApartMax || Duration() - ahead > ServerClock::kApartMax;
  }

  void check() const {
    const Duration real = site_.events.now() - from_;
    const Duration seen = clock_.now() - from_server_;
    const Duration wrong = seen > real ? seen - real : real - seen;
    if (wrong * ServerClock::kSlewParts <= real + Duration::millis(1)) return;
    site_.promises.breaks("what takes " + std::to_string(real.micros()) + " us takes " + std::to_string(seen.micros()) +
                          " us by the server's time");
  }

 private:
  void measure() {
    from_ = site_.events.now();
    from_server_ = clock_.now();
  }

  Site& site_;
  const SimulatedSteady steady_;
  ServerClock clock_;
  Timestamp from_;         // the promise begins at this moment, ...
  Timestamp from_server_;  // ... which is this one by the server's time
};

}  // namespace doorbuster::sim
