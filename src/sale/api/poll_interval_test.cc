#include "sale/api/poll_interval.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace doorbuster::sale {
namespace {

// All who wait, together: polls a second, where `people_a_second` are served (0: nobody knows).
double load(uint32_t waiting, double people_a_second) {
  double polls = 0;
  for (uint32_t ahead = 0; ahead < waiting; ++ahead) {
    const auto wait =
        people_a_second == 0 ? std::nullopt : std::optional(static_cast<uint32_t>(1 + (ahead + 1) / people_a_second));
    polls += 1.0 / poll_seconds({.ahead = ahead, .waiting = waiting}, wait);
  }
  return polls;
}

double load_before_draw(uint32_t waiting, double seconds_until_open) {
  double polls = 0;
  for (uint64_t lot = 0; lot < waiting; ++lot) {
    polls += 1.0 / poll_seconds_before_draw(
                       {.waiting = waiting, .lot = lot, .seconds_until_open = seconds_until_open, .claim_seconds = 60});
  }
  return polls;
}

TEST(PollInterval, loads_the_server_about_the_same_from_ten_thousand_to_a_million_in_line) {
  for (const double a_minute : {0, 60, 500, 3'000, 10'000}) {
    const double few = load(10'000, a_minute / 60);
    const double more = load(100'000, a_minute / 60);
    const double many = load(1'000'000, a_minute / 60);
    std::printf("%5.0f served a minute: %.0f, %.0f, %.0f polls a second\n", a_minute, few, more, many);
    EXPECT_LT(more, 1.6 * few) << a_minute;
    EXPECT_LT(many, 1.6 * few) << a_minute;
    EXPECT_LT(many, 3'000) << a_minute;
  }
}

TEST(PollInterval, loads_the_server_about_the_same_before_a_draw) {
  const double few = load_before_draw(10'000, 3'600);
  const double many = load_before_draw(1'000'000, 3'600);
  std::printf("before a draw: %.0f, %.0f, %.0f polls a second\n", few, load_before_draw(100'000, 3'600), many);
  EXPECT_LT(many, 1.6 * few);
  EXPECT_GT(many, 0.5 * few);
}

TEST(PollInterval, asks_those_further_back_more_seldom_and_nobody_after_more_than_a_part_of_their_wait) {
  uint32_t before = 0;
  for (uint32_t ahead = 0; ahead < 1'000'000; ahead += 997) {
    const uint32_t wait = 10 + ahead / 8;
    const uint32_t seconds = poll_seconds({.ahead = ahead, .waiting = 1'000'000}, wait);
    EXPECT_GE(seconds, std::max(1U, before));
    EXPECT_LE(seconds, wait * 6 / 10);
    before = seconds;
  }
  EXPECT_EQ(poll_seconds({.ahead = 0, .waiting = 1'000'000}, 1), 1U);
}

TEST(PollInterval, never_lets_a_page_sleep_for_more_than_an_hour) {
  EXPECT_EQ(poll_seconds({.ahead = 9'000'000, .waiting = 9'000'000}, 10'000'000), kPollSecondsMax);
  EXPECT_EQ(poll_seconds({.ahead = 9'000'000, .waiting = 9'000'000}, std::nullopt), 1'800U) << "nobody knows the wait";
}

TEST(PollInterval, is_short_before_the_opening_of_a_line_only_when_it_is_near) {
  const PollPlace first{.ahead = 0, .waiting = 100'000, .seconds_until_open = 3'600};
  EXPECT_EQ(poll_seconds(first, 3'600), 100U);
  const PollPlace soon{.ahead = 0, .waiting = 100'000, .seconds_until_open = 10};
  EXPECT_EQ(poll_seconds(soon, 10), 5U);
}

TEST(PollInterval, before_a_draw_ends_within_a_third_of_the_time_to_claim_behind_the_opening) {
  std::vector<uint32_t> asking(21);
  for (uint64_t lot = 0; lot < 100'000; ++lot) {
    const uint32_t seconds =
        poll_seconds_before_draw({.waiting = 100'000, .lot = lot << 32, .seconds_until_open = 30, .claim_seconds = 60});
    ASSERT_GE(seconds, 30U);
    ASSERT_LE(seconds, 50U);
    ++asking[seconds - 30];
  }
  // Evenly: nobody gets the opening's own second but by a lot of zero.
  for (size_t second = 1; second < asking.size(); ++second) EXPECT_NEAR(asking[second], 5'000, 400) << second;
}

TEST(PollInterval, tells_a_small_crowd_at_once_however_long_it_has_to_claim) {
  for (uint64_t lot = 0; lot < 200; ++lot) {
    const PollPlace place{.waiting = 200, .lot = lot << 32, .seconds_until_open = 3, .claim_seconds = 600};
    EXPECT_LE(poll_seconds_before_draw(place), 4U);
  }
}

TEST(PollInterval, far_before_a_draw_does_not_reach_behind_the_opening) {
  for (const uint32_t waiting : {10U, 10'000U, 1'000'000U}) {
    for (double until = 1; until < 5'000; until *= 1.3) {
      const uint32_t seconds = poll_seconds_before_draw(
          {.waiting = waiting, .lot = waiting, .seconds_until_open = until, .claim_seconds = 60});
      EXPECT_LE(seconds, until + 21) << waiting;
    }
  }
}

TEST(PollInterval, goes_on_asking_while_a_draw_is_late) {
  EXPECT_EQ(poll_seconds_before_draw({.waiting = 10, .claim_seconds = 60}), 1U);
  EXPECT_EQ(poll_seconds_before_draw({.waiting = 1'000'000, .claim_seconds = 60}), 20U);
  EXPECT_EQ(poll_seconds_before_draw({.waiting = 10, .claim_seconds = 1}), 1U);
}

}  // namespace
}  // namespace doorbuster::sale
