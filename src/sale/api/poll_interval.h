// When somebody in line should ask again, so that all who wait load the server about as much whether they are ten
// thousand or a million.
//
// In a line the interval grows with the distance: 1 + a / k seconds for a people ahead. Summed over n that are waiting,
// that is k ln(1 + n / k) polls a second; k shrinks from 500 to 250 while n grows from ten thousand to a million. But
// nobody is told to ask after more than a part of their wait, so that a line that moves faster than it was thought to
// still finds them; with more than some 10,000 served a minute that bound decides, and the load grows with the pace.
//
// Before a draw all are equally far, and share the load of a thousand polls a second. Behind the opening each asks at a
// moment of their own: five thousand a second, or as many more as it takes to have asked within a third of the time to
// claim, so that whoever is drawn first still has the rest of it.
#pragma once

#include <cstdint>
#include <optional>

namespace doorbuster::sale {

struct PollPlace {
  uint32_t ahead = 0;
  uint32_t waiting = 0;  // in the whole line
  uint64_t lot = 0;      // tells entries apart
  double seconds_until_open = 0;
  uint32_t claim_seconds = 0;
};

// An hour at most, so that a page that sleeps is never left alone for longer than that.
inline constexpr uint32_t kPollSecondsMax = 3'600;

// In a line whose place is known. `wait_seconds` is the median of the wait, if anybody knows it.
[[nodiscard]] uint32_t poll_seconds(const PollPlace& place, std::optional<uint32_t> wait_seconds);

[[nodiscard]] uint32_t poll_seconds_before_draw(const PollPlace& place);

// Of who is delayed: once the place is there, which is soon enough to be asked for once.
[[nodiscard]] uint32_t poll_seconds_before_place(double seconds_until_placed);

}  // namespace doorbuster::sale
