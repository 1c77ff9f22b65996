// How a sale's line will move: how many more are offered a unit by when, if as many come and pay as it seems, and if it
// is fewer or more.
//
// A unit that somebody does not take, or does not pay, is offered to the next, who may not take it either. So what will
// come back follows from what is open now and when that ends (offer_history.h), and from what will be offered
// meanwhile: it is played through in steps, once for each of some shares of those who let their offer or their hold
// lapse. A sale's forecast is good for everybody who waits in it.
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "sale/api/offer_history.h"
#include "sale/machine/settings.h"
#include "sale/machine/status.h"

namespace doorbuster::sale {

// Seconds that one part in ten, one half, nine parts in ten of those who stand there wait at most, if they are offered
// a unit at all.
struct WaitQuantiles {
  double p10 = 0;
  double p50 = 0;
  double p90 = 0;
};

class Forecast {
 public:
  Forecast(const Settings& settings, const PublicStatus& status, const OfferHistory& history, Timestamp now);

  // For somebody with so many before them. Nothing if it can't be foreseen that they are offered a unit.
  [[nodiscard]] std::optional<WaitQuantiles> wait_behind(uint32_t ahead) const;

 private:
  // How many times the share that fails may be what it seems to be.
  static constexpr std::array<double, 9> kTimesAsMany = {0.3, 0.5, 0.7, 0.85, 1.0, 1.2, 1.5, 2.0, 3.0};

  // Of those who are offered a unit, or hold one: what part of them fails, and how well that is known.
  struct Share {
    double fails = 0;
    double deviation = 0;
  };
  struct Course {
    std::vector<float> offered;  // by the end of each step
    double pace_behind = 0;      // offers a second, behind the last step
    double offered_behind = 0;   // of all, in the end
  };

  [[nodiscard]] static Share share_of(double failed, double all);
  [[nodiscard]] Share share_of_offers(const PublicStatus& status, const OfferHistory& history) const;
  [[nodiscard]] Share share_of_holds(const PublicStatus& status, const OfferHistory& history) const;
  // Of offers and claims it is known for so many seconds when they were made.
  [[nodiscard]] Course play(const PublicStatus& status, double known, double times) const;
  [[nodiscard]] double seconds_until(const Course& course, double number) const;

  const double claim_seconds_;
  const double hold_seconds_;
  const double outflow_a_second_;  // 0: none
  const double step_;
  const std::vector<OfferHistory::Counts> made_;  // in each step back from now
  const double open_seconds_;                     // how long it has been open
  uint32_t available_ = 0;
  Share offers_;
  Share holds_;
  std::array<Course, kTimesAsMany.size()> courses_;
};

}  // namespace doorbuster::sale
