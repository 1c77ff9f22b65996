#include "sale/api/poll_interval.h"

#include <algorithm>
#include <cmath>

#include "base/prng.h"

namespace doorbuster::sale {
namespace {

constexpr double kPartOfWait = 0.6;
constexpr double kSecondsIfUnknown = 1'800;
constexpr double kPollsASecondBeforeOpening = 1'000;
constexpr double kSecondsBeforeOpeningMin = 5;
constexpr double kPollsASecondBehindOpening = 5'000;

double people_a_second_of_interval(uint32_t waiting) {
  const double tens_of_ten_thousand = std::max(0.0, std::log10(waiting / 10'000.0));
  return 500 / (1 + tens_of_ten_thousand / 2);
}

// While nothing moves all share the load.
double seconds_before_opening(uint32_t waiting) {
  return std::max(kSecondsBeforeOpeningMin, waiting / kPollsASecondBeforeOpening);
}

// A crowd that can be told at once is; a larger one needs time, but no more than leaves all of them enough to claim.
double seconds_behind_opening(const PollPlace& place) {
  return std::min(place.waiting / kPollsASecondBehindOpening, place.claim_seconds / 3.0);
}

// In [0, 1), the same for an entry whenever it is asked for, spread evenly.
double lot_of(uint64_t number) { return static_cast<double>(mixed64(number) >> 11) / 9'007'199'254'740'992.0; }

uint32_t whole(double seconds) {
  return static_cast<uint32_t>(std::clamp(std::floor(seconds), 1.0, static_cast<double>(kPollSecondsMax)));
}

}  // namespace

uint32_t poll_seconds(const PollPlace& place, std::optional<uint32_t> wait_seconds) {
  const double by_distance = 1 + place.ahead / people_a_second_of_interval(place.waiting);
  const double before_opening = std::min(seconds_before_opening(place.waiting), place.seconds_until_open / 2);
  const double at_most = wait_seconds ? kPartOfWait * *wait_seconds : kSecondsIfUnknown;
  return whole(std::min(std::max(by_distance, before_opening), at_most));
}

uint32_t poll_seconds_before_draw(const PollPlace& place) {
  const double spread = seconds_behind_opening(place);
  const double by_number = seconds_before_opening(place.waiting);
  const double at_opening = place.seconds_until_open + spread * lot_of(place.lot);
  if (place.seconds_until_open <= 0) return whole(spread);  // the draw is late
  // Who would hardly have asked before the opening waits for it.
  const bool is_near = by_number * 1.5 >= place.seconds_until_open;
  return whole(is_near ? std::ceil(at_opening) : by_number * (0.9 + 0.2 * lot_of(place.lot)));
}

uint32_t poll_seconds_before_place(double seconds_until_placed) { return whole(std::ceil(seconds_until_placed)); }

}  // namespace doorbuster::sale
