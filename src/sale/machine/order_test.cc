// Much may have become due since the last tick: it happens in the order of its deadlines, as if the clock had stopped
// at each of them.
#include "sale/machine/machine_test_fixture.h"

namespace doorbuster::sale {
namespace {

class Order : public MachineFixture {
 protected:
  // Opens at second 10 and ends at `end`; a turn is 60 s long.
  void open_until(double end, uint32_t units = 1) {
    Settings timed = settings(QueueKind::kFifo, units);
    timed.closes_at = at(end);
    open(timed);
  }
  EntryState state_of(uint64_t who) {
    return look(machine_.state().number_of_entry(machine_.state().entry_of(kSale, customer(who)))).entry->state;
  }
};

TEST_F(Order, lets_an_offer_lapse_that_was_over_before_its_sale_was) {
  open_until(70.001);
  join(1);
  join(2);
  at_second(100);
  EXPECT_EQ(state_of(1), EntryState::kLapsed);
  EXPECT_EQ(state_of(2), EntryState::kMissed) << "nothing is offered in a sale that is over by now";
  EXPECT_EQ(status().now_serving, 1U);
}

TEST_F(Order, keeps_an_offer_missed_whose_time_would_have_ended_after_its_sale) {
  open_until(69.999);
  join(1);
  at_second(100);
  EXPECT_EQ(state_of(1), EntryState::kMissed);
}

TEST_F(Order, ends_a_sale_before_the_offers_that_end_in_the_same_millisecond) {
  open_until(70, 2);
  join(1);
  at_second(20);
  join(2);
  at_second(70);
  EXPECT_EQ(state_of(1), EntryState::kMissed);
  EXPECT_EQ(state_of(2), EntryState::kMissed);
}

TEST_F(Order, ends_a_sale_first_too_where_a_decision_comes_between_two_ticks) {
  at_second(0.0002);
  open_until(70.0004);
  at_second(10.0003);
  join(1);
  at_second(70);
  const EntryNumber entry{0, 0};
  EXPECT_EQ(decide_between_ticks(LookUpEntry{entry, {}}, 70.0005).entry->state, EntryState::kMissed);
  EXPECT_EQ(status().state, SaleState::kClosed);
}

// The unit that the first offer frees must not bring the sale's end forward, before the second offer's.
TEST_F(Order, does_not_end_a_sale_early_for_the_line_that_may_move) {
  open_until(90, 2);
  join(1);
  at_second(20);
  join(2);
  join(3);
  at_second(100);
  EXPECT_EQ(state_of(1), EntryState::kLapsed) << "at 70";
  EXPECT_EQ(state_of(2), EntryState::kLapsed) << "at 80";
  EXPECT_EQ(state_of(3), EntryState::kMissed) << "at 90";
}

TEST_F(Order, does_not_end_a_sale_early_for_an_outflow_that_lets_the_next_through) {
  Settings timed = settings(QueueKind::kFifo, 5);
  timed.closes_at = at(90);
  timed.outflow_per_minute = 2;
  open(timed);
  join(1);
  join(2);
  ASSERT_EQ(status().offered, 1U) << "the next one at 39";
  at_second(100);
  EXPECT_EQ(state_of(1), EntryState::kLapsed);
  EXPECT_EQ(state_of(2), EntryState::kMissed);
}

TEST_F(Order, does_not_let_an_offer_lapse_whose_time_a_pause_has_moved_beyond_the_end) {
  open_until(90);
  join(1);
  at_second(50);
  act(SaleAction::kPause);
  act(SaleAction::kResume);
  at_second(120);
  EXPECT_EQ(state_of(1), EntryState::kMissed) << "the turn would have ended at 110, not at 70";
}

}  // namespace
}  // namespace doorbuster::sale
