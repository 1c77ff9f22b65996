#include "sale/api/estimate.h"

#include <gtest/gtest.h>

#include "base/prng.h"

namespace doorbuster::sale {
namespace {

const Timestamp kOpens = Timestamp::from_micros(1'700'000'000'000'000);

Estimate of(uint32_t ahead, const PublicStatus& status, Settings settings = {}, int64_t seconds = 60) {
  settings.opens_at = kOpens;
  const EntryView entry{.state = EntryState::kWaiting, .people_ahead = ahead};
  return estimate(entry, settings, status, kOpens + Duration::seconds(seconds));
}

PublicStatus random_status(Prng& prng) {
  PublicStatus status;
  const auto below = [&](uint64_t bound) { return static_cast<uint32_t>(prng.below(bound)); };
  status.available = below(3) == 0 ? below(100) : 0;
  status.offered = below(200);
  status.held = below(500);
  status.paying = below(100);
  status.sold = below(2'000);
  status.claims = status.held + status.paying + status.sold + below(1'000);
  status.offers = status.claims + status.offered + below(2'000);
  status.now_serving = status.offers + below(100);
  status.units = status.available + status.offered + status.held + status.paying + status.sold;
  return status;
}

TEST(Estimate, gives_odds_between_none_and_certain_that_fall_with_every_person_ahead) {
  Prng prng(4711);
  for (int i = 0; i < 500; ++i) {
    const PublicStatus status = random_status(prng);
    double before = 1;
    for (uint32_t ahead = 0; ahead < 4'000; ahead += 1 + ahead / 16) {
      const double odds = of(ahead, status).odds;
      EXPECT_GE(odds, 0);
      EXPECT_LE(odds, before);
      before = odds;
    }
  }
}

TEST(Estimate, is_certain_while_there_are_more_units_than_people_ahead) {
  PublicStatus status{.units = 100, .available = 40, .held = 60, .now_serving = 60, .offers = 60, .claims = 60};
  EXPECT_EQ(of(39, status).odds, 1);
  EXPECT_LT(of(60, status).odds, 1);
}

TEST(Estimate, gives_no_hope_where_everything_is_paid_for) {
  const PublicStatus status{.units = 10, .sold = 10, .now_serving = 10};
  EXPECT_EQ(of(0, status).odds, 0);
}

TEST(Estimate, knows_what_became_of_entries_that_wait_no_more) {
  for (const auto state : {EntryState::kOffered, EntryState::kHolding, EntryState::kPaying, EntryState::kBought}) {
    const Estimate had = estimate({.state = state}, {}, {}, kOpens);
    EXPECT_EQ(had.odds, 1);
    EXPECT_FALSE(had.wait);
  }
  for (const auto state : {EntryState::kLapsed, EntryState::kLeft, EntryState::kRemoved, EntryState::kMissed}) {
    const Estimate over = estimate({.state = state}, {}, {}, kOpens);
    EXPECT_EQ(over.odds, 0);
    EXPECT_EQ(over.next_poll_seconds, 60U);
  }
}

TEST(Estimate, follows_the_outflow_that_the_operator_chose) {
  Settings settings;
  settings.outflow_per_minute = 60;
  const Estimate estimated = of(99, {.units = 1'000, .available = 1'000}, settings);
  ASSERT_TRUE(estimated.wait);
  EXPECT_NEAR(estimated.wait->p50_seconds, 95, 6) << "some of them will not come";
  EXPECT_GT(estimated.wait->p90_seconds, estimated.wait->p50_seconds);
  EXPECT_LT(estimated.wait->p10_seconds, estimated.wait->p50_seconds);
}

// Of offers whose time is over it is certain that they lapse: not one unit more comes back than was offered, not even
// by a rounding (of fewer free units than none the standard library's assertions would make an end of the process).
TEST(Estimate, takes_back_no_more_than_was_offered_where_all_offers_are_as_old_as_can_be) {
  Settings settings;
  settings.opens_at = kOpens;
  settings.claim_seconds = 10;
  settings.hold_seconds =
      300;  // so long that the forecast's steps are, too: the last begins before the ten seconds end
  settings.outflow_per_minute = 60;
  for (uint32_t offered = 1; offered < 50; ++offered) {
    for (uint32_t lapsed = 0; lapsed < 10; ++lapsed) {
      const PublicStatus status{.units = offered, .offered = offered, .offers = offered + lapsed};
      OfferHistory history;
      history.note(settings, {.units = offered, .offers = lapsed}, kOpens);
      history.note(settings, status, kOpens + Duration::seconds(1));
      const Timestamp now = kOpens + Duration::seconds(11);
      history.note(settings, status, now);
      const auto wait = Forecast(settings, status, history, now).wait_behind(0);
      ASSERT_TRUE(wait);
      EXPECT_GT(wait->p50, 0);
    }
  }
}

TEST(Estimate, says_nothing_of_a_wait_that_has_no_end) {
  EXPECT_FALSE(of(10, {.units = 5, .sold = 5, .now_serving = 5, .offers = 5, .claims = 5}).wait);
}

TEST(Estimate, takes_those_who_did_not_come_for_a_faster_line) {
  Settings settings;
  settings.outflow_per_minute = 60;
  PublicStatus status{.units = 9'000, .available = 7'928, .offered = 72, .sold = 1'000, .now_serving = 2'072};
  status.claims = 1'000;
  status.offers = 2'072;
  EXPECT_NEAR(of(99, status, settings, 2'000).wait->p50_seconds, 55, 12) << "half of them did not come";
}

TEST(Estimate, of_a_safety_net_is_certain_and_knows_when_visits_end) {
  Settings settings;
  settings.queue = QueueKind::kPass;
  settings.hold_seconds = 100;
  const Estimate estimated = of(49, {.units = 50, .held = 50, .now_serving = 50, .offers = 50, .claims = 50}, settings);
  EXPECT_EQ(estimated.odds, 1);
  ASSERT_TRUE(estimated.wait);
  EXPECT_EQ(estimated.wait->p50_seconds, 100U);
}

TEST(Estimate, waits_for_the_opening_however_far_it_is) {
  EXPECT_EQ(of(0, {.units = 5, .available = 5}, {}, -100).wait->p50_seconds, 100U);
  const Estimate far = of(0, {.units = 5, .available = 5}, {}, -300'000'000'000);
  EXPECT_EQ(far.wait->p50_seconds, 1'000'000'000U);
  EXPECT_EQ(far.next_poll_seconds, 5U);
}

TEST(Estimate, sends_everybody_at_the_opening_and_then_when_the_beacon_that_the_draw_waits_for_is_public) {
  Settings settings;
  settings.opens_at = kOpens;
  const Beacon beacon{"drand", 7, kOpens + Duration::seconds(100)};
  const PublicStatus status{
      .units = 1, .available = 1, .waiting = 2, .has_draw = true, .is_draw_closed = true, .drawn = 2};
  const EntryView entry{.state = EntryState::kWaiting, .arrival = 1};
  const auto poll_at = [&](int64_t second) {
    return estimate(entry, settings, status, kOpens + Duration::seconds(second), beacon).next_poll_seconds;
  };
  EXPECT_LE(poll_at(-2), 2 + settings.claim_seconds / 3);
  EXPECT_GT(poll_at(98), 0U);
  EXPECT_LE(poll_at(98), 2 + settings.claim_seconds / 3);
}

TEST(Estimate, gives_who_came_too_late_for_a_draw_that_is_to_come_the_odds_of_standing_behind_it) {
  const Beacon beacon{"drand", 7, kOpens + Duration::seconds(100)};
  const PublicStatus status{.units = 3,
                            .available = 3,
                            .waiting = 12,
                            .last_position = 12,
                            .has_draw = true,
                            .is_draw_closed = true,
                            .drawn = 10};
  const auto odds_of_arrival = [&](uint32_t arrival) {
    const EntryView entry{.state = EntryState::kWaiting, .arrival = arrival};
    return estimate(entry, {}, status, kOpens, beacon).odds;
  };
  EXPECT_EQ(odds_of_arrival(1), 0.3) << "among those who take part";
  EXPECT_EQ(odds_of_arrival(10), 0.3);
  EXPECT_LT(odds_of_arrival(11), 0.1);
  EXPECT_LE(odds_of_arrival(12), odds_of_arrival(11));
  const PublicStatus alone{
      .units = 1, .available = 1, .waiting = 0, .has_draw = true, .is_draw_closed = true, .drawn = 0};
  EXPECT_EQ(estimate({.state = EntryState::kWaiting, .arrival = 1}, {}, alone, kOpens, beacon).odds, 1);
}

TEST(Estimate, gives_who_is_delayed_the_odds_of_standing_behind_all_who_wait_and_no_wait) {
  Settings settings;
  settings.opens_at = kOpens;
  const EntryView delayed{.state = EntryState::kWaiting, .delayed_until = kOpens + Duration::seconds(40)};
  const EntryView last{.state = EntryState::kWaiting, .position = 12, .arrival = 12, .people_ahead = 11};
  PublicStatus status{.units = 3, .available = 3, .waiting = 12};
  const Estimate told = estimate(delayed, settings, status, kOpens);
  EXPECT_EQ(told.odds, estimate(last, settings, status, kOpens).odds);
  EXPECT_LT(told.odds, 0.1);
  EXPECT_FALSE(told.wait.has_value());
  EXPECT_EQ(told.next_poll_seconds, 40U);
  status.has_draw = true;
  status.drawn = 6;
  EXPECT_EQ(estimate({.state = EntryState::kWaiting, .arrival = 1}, settings, status, kOpens).odds, 0.5);
  EXPECT_LT(estimate(delayed, settings, status, kOpens).odds, 0.1);
}

}  // namespace
}  // namespace doorbuster::sale
