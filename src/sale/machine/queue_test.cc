// The line: positions, offers, turns that lapse, outflow.
#include "sale/machine/machine_test_fixture.h"

namespace doorbuster::sale {
namespace {

class Queueing : public MachineFixture {
 protected:
  void open_with(uint32_t units) { open(settings(QueueKind::kFifo, units)); }
  EntryNumber joined(uint64_t who) {
    const Reply reply = join(who);
    EXPECT_EQ(reply.outcome, Outcome::kDone);
    return reply.entry->number;
  }
  EntryState state_of(EntryNumber entry) { return look(entry).entry->state; }
};

TEST_F(Queueing, gives_positions_in_the_order_of_arrival) {
  open_with(1);
  for (uint32_t who = 1; who <= 5; ++who) {
    const Reply reply = join(who);
    EXPECT_EQ(reply.entry->position, who);
    EXPECT_EQ(reply.entry->people_ahead, who < 2 ? 0 : who - 2) << "the first has been offered the unit";
  }
  EXPECT_EQ(status().waiting, 4U);
  EXPECT_EQ(status().now_serving, 1U);
  EXPECT_EQ(status().last_position, 5U);
}

TEST_F(Queueing, takes_people_from_the_prequeue_on_and_offers_at_the_opening) {
  Settings early = settings(QueueKind::kFifo, 2);
  early.prequeue_opens_at = at(5);
  create(early);
  EXPECT_EQ(join(1).outcome, Outcome::kSaleNotOpen);
  at_second(5);
  EXPECT_EQ(status().state, SaleState::kPrequeue);
  const EntryNumber first = joined(1);
  const EntryNumber second = joined(2);
  const EntryNumber third = joined(3);
  EXPECT_EQ(reserve(1).outcome, Outcome::kSaleNotOpen);
  EXPECT_EQ(status().offered, 0U);
  at_second(10);
  EXPECT_EQ(state_of(first), EntryState::kOffered);
  EXPECT_EQ(state_of(second), EntryState::kOffered);
  EXPECT_EQ(state_of(third), EntryState::kWaiting);
}

TEST_F(Queueing, lets_nobody_reserve_out_of_turn) {
  open_with(1);
  EXPECT_EQ(reserve(1).outcome, Outcome::kNotYourTurn) << "there is no entry";
  joined(1);
  const EntryNumber second = joined(2);
  const Reply early = reserve(2);
  EXPECT_EQ(early.outcome, Outcome::kNotYourTurn);
  EXPECT_EQ(early.entry->number, second);
  EXPECT_EQ(reserve(1).outcome, Outcome::kDone);
}

TEST_F(Queueing, follows_an_entry_from_waiting_to_bought) {
  open_with(1);
  const EntryNumber entry = joined(1);
  EXPECT_EQ(look(entry).entry->claim_until, at(70));
  const HoldNumber hold = held_by(1);
  EXPECT_EQ(state_of(entry), EntryState::kHolding);
  EXPECT_EQ(look(entry).entry->hold, hold);
  pay(hold, 1);
  EXPECT_EQ(state_of(entry), EntryState::kPaying);
  fail_payment(hold, 1);
  EXPECT_EQ(state_of(entry), EntryState::kHolding);
  pay(hold, 1);
  succeed(hold, 2);
  EXPECT_EQ(state_of(entry), EntryState::kBought);
  EXPECT_EQ(join(1).outcome, Outcome::kOnePerCustomer);
  EXPECT_EQ(join(2).outcome, Outcome::kDone);
  EXPECT_EQ(reserve(3).outcome, Outcome::kSoldOut);
}

TEST_F(Queueing, offers_a_lapsed_turn_to_the_next_at_once) {
  open_with(1);
  const EntryNumber first = joined(1);
  const EntryNumber second = joined(2);
  at_second(69.999);
  EXPECT_EQ(state_of(first), EntryState::kOffered);
  at_second(70);
  EXPECT_EQ(state_of(first), EntryState::kLapsed);
  EXPECT_EQ(state_of(second), EntryState::kOffered);
  EXPECT_EQ(look(second).entry->claim_until, at(130));
  EXPECT_EQ(reserve(1).outcome, Outcome::kNotYourTurn);
}

TEST_F(Queueing, sees_a_turn_that_ends_between_two_ticks) {
  open_with(1);
  at_second(10.0004);
  joined(1);
  joined(2);
  at_second(70);
  EXPECT_EQ(decide_between_ticks(Reserve{kSale, customer(1), {}}, 70.0004).outcome, Outcome::kNotYourTurn);
  EXPECT_EQ(reserve(2).outcome, Outcome::kDone);
}

TEST_F(Queueing, gives_the_unit_of_a_hold_that_ended_to_the_next_at_once) {
  open_with(2);
  const EntryNumber first = joined(1);
  const EntryNumber second = joined(2);
  const EntryNumber third = joined(3);
  const EntryNumber fourth = joined(4);
  const HoldNumber released = held_by(1);
  held_by(2);
  release(released, 1);
  EXPECT_EQ(state_of(first), EntryState::kLeft);
  EXPECT_EQ(state_of(third), EntryState::kOffered);
  EXPECT_EQ(reserve(3).outcome, Outcome::kDone);
  at_second(310);
  EXPECT_EQ(state_of(second), EntryState::kLapsed);
  EXPECT_EQ(state_of(fourth), EntryState::kOffered);
}

// After a stall, or a jump of the clock, both are over before a tick has seen it: this was an assertion.
TEST_F(Queueing, refuses_who_reserves_when_their_offer_and_their_sale_have_ended_between_two_ticks) {
  double moment = 0;
  for (const double ends : {40.0, 70.0}) {  // the sale before the offer, and after it
    Settings brief = settings(QueueKind::kFifo, 1);
    brief.id = "brief-" + std::to_string(static_cast<int>(ends));
    brief.opens_at = now_;
    brief.closes_at = now_ + Duration::seconds(static_cast<int64_t>(ends));
    const SaleNumber sale = create(brief).sale;
    EXPECT_EQ(decide(Join{sale, customer(1), {}, {}}).entry->state, EntryState::kOffered);
    const Reply late = decide_between_ticks(Reserve{sale, customer(1), {}}, moment += 200);
    EXPECT_EQ(late.outcome, Outcome::kSaleClosed);
    EXPECT_FALSE(late.hold.has_value());
  }
}

TEST_F(Queueing, shows_an_entry_as_lapsed_whose_hold_ended_between_two_ticks) {
  open_with(1);
  at_second(10.0004);
  const EntryNumber entry = joined(1);
  held_by(1);
  at_second(310);
  EXPECT_EQ(decide_between_ticks(LookUpEntry{entry, {}}, 310.0004).entry->state, EntryState::kLapsed);
  EXPECT_EQ(join(1).outcome, Outcome::kDone) << "and may join again, behind all others";
}

TEST_F(Queueing, keeps_one_place_a_customer_through_every_reload) {
  open_with(1);
  const EntryNumber first = joined(1);
  const EntryNumber second = joined(2);
  EXPECT_EQ(join(2).outcome, Outcome::kAlready);
  EXPECT_EQ(join(2).entry->number, second);
  EXPECT_EQ(join(1).entry->number, first);
  EXPECT_EQ(status().last_position, 2U);
}

TEST_F(Queueing, answers_the_same_request_with_the_same_entry_even_after_a_newer_one) {
  open_with(1);
  joined(9);
  const EntryNumber first = join(1, key(7)).entry->number;
  EXPECT_EQ(join(1, with_other_body(key(7))).outcome, Outcome::kKeyReused);
  leave(first, 1);
  EXPECT_EQ(join(1, key(7)).outcome, Outcome::kAlready);
  const EntryNumber second = join(1, key(8)).entry->number;
  leave(second, 1);
  EXPECT_EQ(join(1, key(7)).entry->number, first) << "a request that strayed makes no third entry";
  EXPECT_EQ(join(1, key(8)).entry->number, second);
  EXPECT_EQ(join(1, key(9)).outcome, Outcome::kDone);
  EXPECT_EQ(status().last_position, 4U);
}

TEST_F(Queueing, lets_people_leave_from_anywhere_in_the_line) {
  open_with(1);
  std::vector<EntryNumber> entries;
  for (uint64_t who = 1; who <= 5; ++who) entries.push_back(joined(who));
  EXPECT_EQ(leave(entries[2], 3).outcome, Outcome::kDone);
  EXPECT_EQ(leave(entries[2], 3).outcome, Outcome::kAlready);
  EXPECT_EQ(look(entries[4]).entry->people_ahead, 2U);
  EXPECT_EQ(leave(entries[4], 5).outcome, Outcome::kDone);
  EXPECT_EQ(leave(entries[0], 1).outcome, Outcome::kDone) << "an offer may be given back";
  EXPECT_EQ(state_of(entries[1]), EntryState::kOffered);
  EXPECT_EQ(leave(entries[1], 2).outcome, Outcome::kDone);
  EXPECT_EQ(state_of(entries[3]), EntryState::kOffered);
  EXPECT_EQ(status().waiting, 0U);
  EXPECT_EQ(join(6).entry->position, 6U);
  EXPECT_EQ(join(7).entry->people_ahead, 1U);
}

TEST_F(Queueing, lets_nobody_leave_with_a_unit) {
  open_with(1);
  const EntryNumber entry = joined(1);
  const HoldNumber hold = held_by(1);
  EXPECT_EQ(leave(entry, 1).outcome, Outcome::kWrongState);
  pay(hold, 1);
  EXPECT_EQ(leave(entry, 1).outcome, Outcome::kWrongState);
  succeed(hold, 1);
  EXPECT_EQ(leave(entry, 1).outcome, Outcome::kWrongState);
}

TEST_F(Queueing, hides_entries_of_others) {
  open_with(1);
  const EntryNumber entry = joined(1);
  EXPECT_EQ(leave(entry, 2).outcome, Outcome::kNotFound);
  EXPECT_EQ(look(entry, customer(2)).outcome, Outcome::kNotFound);
  EXPECT_EQ(look(entry, customer(1)).outcome, Outcome::kDone);
  EXPECT_EQ(look(EntryNumber{5, 0}).outcome, Outcome::kNotFound);
  EXPECT_EQ(look(EntryNumber{0, 1}).outcome, Outcome::kNotFound);
  EXPECT_EQ(leave(EntryNumber{5, 0}, 1).outcome, Outcome::kNotFound);
}

TEST_F(Queueing, is_only_where_the_sale_has_a_queue) {
  EXPECT_EQ(join(1).outcome, Outcome::kNotFound);
  create(settings(QueueKind::kNone, 1), true);
  EXPECT_EQ(join(1).outcome, Outcome::kNotFound);
  act(SaleAction::kPublish);
  EXPECT_EQ(join(1).outcome, Outcome::kNoQueue);
}

TEST_F(Queueing, says_so_when_its_table_is_full) {
  open_with(1);
  for (uint64_t who = 1; who <= kSmall.entries; ++who) joined(who);
  EXPECT_EQ(join(1'000).outcome, Outcome::kLimitReached);
}

TEST_F(Queueing, keeps_an_offer_when_the_table_of_holds_is_full) {
  Settings plain = settings(QueueKind::kNone, 1'000);
  plain.id = "plain";
  open_with(5);
  create(plain);
  at_second(11);
  for (uint64_t who = 1; who <= kSmall.holds; ++who) decide(Reserve{SaleNumber(1), customer(who), {}});
  const EntryNumber entry = joined(1);
  EXPECT_EQ(reserve(1).outcome, Outcome::kLimitReached);
  EXPECT_EQ(state_of(entry), EntryState::kOffered);
}

TEST_F(Queueing, takes_no_turn_away_by_a_pause) {
  open_with(1);
  const EntryNumber first = joined(1);
  const EntryNumber second = joined(2);
  at_second(20);
  act(SaleAction::kPause);
  EXPECT_EQ(reserve(1).outcome, Outcome::kSalePaused);
  at_second(70);
  EXPECT_EQ(state_of(first), EntryState::kOffered) << "the turn would have lapsed now";
  EXPECT_EQ(look(first).entry->claim_until, at(130));
  at_second(129);
  act(SaleAction::kResume);
  EXPECT_EQ(look(first).entry->claim_until, at(189)) << "a whole turn again, from the end of the pause";
  at_second(188.999);
  EXPECT_EQ(state_of(first), EntryState::kOffered);
  at_second(189);
  EXPECT_EQ(state_of(first), EntryState::kLapsed);
  EXPECT_EQ(state_of(second), EntryState::kOffered);
}

TEST_F(Queueing, extends_a_turn_between_ticks_while_paused) {
  open_with(1);
  at_second(10.0004);
  const EntryNumber entry = joined(1);
  act(SaleAction::kPause);
  at_second(70);
  EXPECT_EQ(decide_between_ticks(LookUpEntry{entry, {}}, 70.0004).entry->claim_until, at(130.0004));
}

TEST_F(Queueing, offers_nothing_while_paused_and_goes_on_afterwards) {
  open_with(2);
  joined(1);
  act(SaleAction::kPause);
  const EntryNumber second = joined(2);
  at_second(15);
  EXPECT_EQ(state_of(second), EntryState::kWaiting);
  act(SaleAction::kResume);
  EXPECT_EQ(state_of(second), EntryState::kOffered);
}

TEST_F(Queueing, ends_for_everybody_when_the_sale_closes) {
  open_with(1);
  const EntryNumber offered = joined(1);
  const EntryNumber waiting = joined(2);
  act(SaleAction::kClose);
  EXPECT_EQ(state_of(offered), EntryState::kMissed);
  EXPECT_EQ(state_of(waiting), EntryState::kMissed);
  EXPECT_EQ(leave(waiting, 2).outcome, Outcome::kAlready);
  EXPECT_EQ(join(2).outcome, Outcome::kSaleClosed);
  EXPECT_EQ(status().available, 1U);
  EXPECT_EQ(status().waiting, 0U);
  at_second(100);
  EXPECT_EQ(state_of(offered), EntryState::kMissed) << "the end of the turn changes nothing";
}

TEST_F(Queueing, lets_a_customer_of_several_units_come_again) {
  Settings two = settings(QueueKind::kFifo, 5);
  two.per_customer = 2;
  open(two);
  for (int i = 0; i < 2; ++i) {
    joined(1);
    const HoldNumber hold = held_by(1);
    pay(hold, 1);
    succeed(hold, 1);
  }
  EXPECT_EQ(join(1).outcome, Outcome::kOnePerCustomer);
  EXPECT_EQ(reserve(1).outcome, Outcome::kOnePerCustomer);
}

}  // namespace
}  // namespace doorbuster::sale
