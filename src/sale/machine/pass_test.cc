// A safety net in front of a site: visitors come in while there is room, stay for a while, and are soon forgotten.
#include "sale/machine/machine_test_fixture.h"

namespace doorbuster::sale {
namespace {

class Passing : public MachineFixture {
 protected:
  // Visits of 30 seconds, and 10 seconds to come in.
  static Settings site(uint32_t visitors_at_once) {
    Settings site = settings(QueueKind::kPass, visitors_at_once);
    site.hold_seconds = 30;
    site.claim_seconds = 10;
    return site;
  }
  EntryNumber joined(uint64_t who) {
    const Reply reply = join(who);
    EXPECT_EQ(reply.outcome, Outcome::kDone);
    return reply.entry->number;
  }
  HoldNumber inside(uint64_t who) {
    joined(who);
    return held_by(who);
  }
  EntryState state_of(EntryNumber entry) { return look(entry).entry->state; }
  bool is_known(EntryNumber entry) { return look(entry).outcome == Outcome::kDone; }
};

TEST_F(Passing, lets_visitors_in_at_once_while_there_is_room_and_lines_up_the_rest) {
  open(site(2));
  inside(1);
  inside(2);
  const EntryNumber third = joined(3);
  EXPECT_EQ(state_of(third), EntryState::kWaiting);
  EXPECT_EQ(reserve(3).outcome, Outcome::kNotYourTurn);
  at_second(40);
  EXPECT_EQ(state_of(third), EntryState::kOffered) << "the first visits have ended";
  EXPECT_EQ(reserve(3).outcome, Outcome::kDone);
}

TEST_F(Passing, lets_the_next_in_when_somebody_leaves) {
  open(site(1));
  const HoldNumber first = inside(1);
  const EntryNumber second = joined(2);
  release(first, 1);
  EXPECT_EQ(state_of(second), EntryState::kOffered);
}

TEST_F(Passing, minds_the_outflow_and_who_does_not_come_in) {
  Settings slow = site(100);
  slow.outflow_per_minute = 1;
  open(slow);
  joined(1);
  joined(2);
  joined(3);
  EXPECT_EQ(status().offered, 1U);
  at_second(20);
  EXPECT_EQ(status().now_serving, 2U) << "the first did not come in";
}

TEST_F(Passing, takes_no_money_for_a_visit) {
  open(site(1));
  const HoldNumber hold = inside(1);
  EXPECT_EQ(pay(hold, 1).outcome, Outcome::kNothingToPay);
  EXPECT_EQ(pay(hold, 2).outcome, Outcome::kNotFound);
  EXPECT_EQ(succeed(hold, 1).outcome, Outcome::kNotFound);
}

TEST_F(Passing, is_never_said_to_be_all_held) {
  open(site(1));
  inside(1);
  EXPECT_EQ(status().all_held_at, Timestamp());
}

TEST_F(Passing, keeps_a_visitor_once) {
  open(site(2));
  inside(1);
  EXPECT_EQ(join(1).outcome, Outcome::kAlready);
  EXPECT_EQ(reserve(1).outcome, Outcome::kOnePerCustomer);
}

TEST_F(Passing, lets_whoever_was_inside_come_again_and_again) {
  open(site(1));
  for (int visit = 0; visit < 100; ++visit) {
    release(inside(1), 1);
  }
  EXPECT_EQ(status().last_position, 100U);
}

TEST_F(Passing, forgets_a_visit_two_minutes_after_it_ended) {
  open(site(1));
  const EntryNumber entry = joined(1);
  const HoldNumber hold = held_by(1);
  at_second(40);
  EXPECT_EQ(look(hold).hold->state, HoldState::kExpired);
  EXPECT_EQ(state_of(entry), EntryState::kLapsed);
  at_second(159.999);
  EXPECT_TRUE(is_known(entry));
  at_second(160);
  EXPECT_FALSE(is_known(entry));
  EXPECT_EQ(look(hold).outcome, Outcome::kNotFound);
  EXPECT_EQ(machine_.state().entry_of(kSale, customer(1)), kNoSlot);
}

TEST_F(Passing, counts_the_two_minutes_from_when_a_visitor_left) {
  Settings long_visits = site(1);
  long_visits.hold_seconds = 3'600;
  open(long_visits);
  const HoldNumber hold = inside(1);
  at_second(20);
  release(hold, 1);
  at_second(139.999);
  EXPECT_EQ(look(hold).outcome, Outcome::kDone);
  at_second(140);
  EXPECT_EQ(look(hold).outcome, Outcome::kNotFound);
}

TEST_F(Passing, forgets_who_never_came_in) {
  open(site(1));
  const EntryNumber late = joined(1);
  const EntryNumber gone = joined(2);
  leave(gone, 2);
  at_second(20);
  EXPECT_EQ(state_of(late), EntryState::kLapsed);
  at_second(139.999);
  EXPECT_TRUE(is_known(late));
  EXPECT_FALSE(is_known(gone)) << "left ten seconds before";
  at_second(140);
  EXPECT_FALSE(is_known(late));
}

TEST_F(Passing, keeps_out_for_a_day_whom_an_operator_removed) {
  open(site(1));
  const EntryNumber removed = joined(1);
  remove(removed);
  at_second(kDay);
  EXPECT_EQ(join(1).outcome, Outcome::kRemoved);
  at_second(kDay + 10);
  EXPECT_EQ(join(1).outcome, Outcome::kDone);
}

TEST_F(Passing, forgets_who_left_the_middle_of_the_line_when_the_line_has_passed_them) {
  Settings long_visits = site(1);
  long_visits.hold_seconds = 3'600;
  open(long_visits);
  const HoldNumber visit = inside(1);
  const EntryNumber first = joined(2);
  const EntryNumber second = joined(3);
  const EntryNumber third = joined(4);
  const EntryNumber fourth = joined(5);
  leave(second, 3);
  leave(third, 4);
  at_second(500);
  EXPECT_TRUE(is_known(second)) << "one before them still waits";
  EXPECT_EQ(look(fourth).entry->people_ahead, 1U);
  release(visit, 1);
  EXPECT_EQ(state_of(first), EntryState::kOffered);
  at_second(500.001);
  EXPECT_FALSE(is_known(second));
  EXPECT_FALSE(is_known(third));
  EXPECT_EQ(look(fourth).entry->people_ahead, 0U);
}

TEST_F(Passing, takes_nobody_who_left_sixteen_times_within_two_minutes) {
  open(site(1));
  for (int i = 0; i < 16; ++i) leave(joined(1), 1);
  EXPECT_EQ(join(1).outcome, Outcome::kTooManyEntries);
  at_second(130);
  EXPECT_EQ(join(1).outcome, Outcome::kDone);
}

TEST_F(Passing, forgets_the_oldest_of_many_short_visits_with_their_entries) {
  open(site(1));
  const EntryNumber first = joined(1);
  release(held_by(1), 1);
  for (int visit = 0; visit < 7; ++visit) release(inside(1), 1);
  EXPECT_TRUE(is_known(first));
  release(inside(1), 1);
  EXPECT_FALSE(is_known(first));
}

TEST_F(Passing, runs_on_in_tables_that_are_far_smaller_than_all_its_visitors) {
  open(site(4));
  double now = 10;
  for (uint64_t who = 1; who <= 2'000; ++who) {
    at_second(now += 4);
    ASSERT_EQ(join(who).outcome, Outcome::kDone) << who;
    if (who % 3 != 0) reserve(who);
  }
  EXPECT_LE(machine_.state().entry_slots(), 64U);
  EXPECT_EQ(status().last_position, 2'000U);
}

TEST_F(Passing, keeps_what_is_over_when_it_is_closed_until_it_is_archived) {
  open(site(1));
  const EntryNumber first = joined(1);
  const EntryNumber second = joined(2);
  leave(second, 2);
  act(SaleAction::kClose);
  at_second(kDay);
  EXPECT_EQ(state_of(first), EntryState::kMissed);
  EXPECT_EQ(state_of(second), EntryState::kLeft);
  at_second(31 * kDay);
  EXPECT_FALSE(is_known(first));
}

TEST_F(Passing, refuses_settings_of_a_sale) {
  Settings priced = site(1);
  priced.price = Money{1, Currency("USD")};
  EXPECT_EQ(create(priced).outcome, Outcome::kInvalidSettings);
  Settings several = site(1);
  several.per_customer = 2;
  EXPECT_EQ(create(several).outcome, Outcome::kInvalidSettings);
  create(site(1));
  EXPECT_EQ(change({.price = Money{1, Currency("USD")}}).outcome, Outcome::kInvalidSettings);
  EXPECT_EQ(change({.units = 50}).outcome, Outcome::kDone);
}

}  // namespace
}  // namespace doorbuster::sale
