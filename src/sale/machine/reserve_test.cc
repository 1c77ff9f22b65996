// Holds without a queue: the first who come are served.
#include "sale/machine/machine_test_fixture.h"

namespace doorbuster::sale {
namespace {

class Reserving : public MachineFixture {
 protected:
  void open_with(uint32_t units) { open(settings(QueueKind::kNone, units)); }
};

TEST_F(Reserving, sells_exactly_what_is_there) {
  open_with(2);
  EXPECT_EQ(reserve(1).outcome, Outcome::kDone);
  EXPECT_EQ(reserve(2).outcome, Outcome::kDone);
  const Reply sold_out = reserve(3);
  EXPECT_EQ(sold_out.outcome, Outcome::kSoldOut);
  EXPECT_EQ(sold_out.units, 2U) << "units that may come back";
  EXPECT_EQ(status().available, 0U);
}

TEST_F(Reserving, tells_each_state_of_the_sale_apart) {
  EXPECT_EQ(reserve(1).outcome, Outcome::kNotFound);
  create(settings(QueueKind::kNone, 5), true);
  EXPECT_EQ(reserve(1).outcome, Outcome::kNotFound) << "a draft is not to be seen";
  act(SaleAction::kPublish);
  EXPECT_EQ(reserve(1).outcome, Outcome::kSaleNotOpen);
  at_second(10);
  EXPECT_EQ(reserve(1).outcome, Outcome::kDone);
  act(SaleAction::kPause);
  EXPECT_EQ(reserve(2).outcome, Outcome::kSalePaused);
  act(SaleAction::kResume);
  EXPECT_EQ(reserve(2).outcome, Outcome::kDone);
  act(SaleAction::kClose);
  EXPECT_EQ(reserve(3).outcome, Outcome::kSaleClosed);
}

TEST_F(Reserving, gives_a_customer_one_unit_and_names_it_when_asked_again) {
  open_with(5);
  const HoldNumber first = held_by(1);
  const Reply again = reserve(1);
  EXPECT_EQ(again.outcome, Outcome::kOnePerCustomer);
  EXPECT_EQ(again.hold->number, first);
}

TEST_F(Reserving, counts_live_and_sold_units_against_the_customers_limit_and_forgets_what_ended) {
  Settings three = settings(QueueKind::kNone, 10);
  three.per_customer = 3;
  open(three);
  const HoldNumber bought = held_by(1);
  pay(bought, 1);
  succeed(bought, 1);
  const HoldNumber released = held_by(1);
  const HoldNumber kept = held_by(1);
  EXPECT_EQ(reserve(1).outcome, Outcome::kOnePerCustomer);
  release(released, 1);
  EXPECT_EQ(reserve(1).outcome, Outcome::kDone);
  const Reply full = reserve(1);
  EXPECT_EQ(full.outcome, Outcome::kOnePerCustomer);
  EXPECT_NE(full.hold->number, kept);
  EXPECT_EQ(status().sold, 1U);
  EXPECT_EQ(status().held, 2U);
}

TEST_F(Reserving, counts_units_that_are_older_than_a_hold_that_ended) {
  Settings two = settings(QueueKind::kNone, 9);
  two.per_customer = 2;
  open(two);
  const HoldNumber bought = held_by(1);
  pay(bought, 1);
  succeed(bought, 1);
  held_by(1);
  at_second(310);
  held_by(1);
  EXPECT_EQ(reserve(1).outcome, Outcome::kOnePerCustomer) << "one is bought, one is held; the one between has expired";
}

TEST_F(Reserving, expires_a_hold_at_its_deadline_and_sells_the_unit_again) {
  open_with(1);
  const HoldNumber hold = held_by(1);
  at_second(309.999);
  EXPECT_EQ(reserve(2).outcome, Outcome::kSoldOut);
  at_second(310);
  EXPECT_EQ(look(hold).hold->state, HoldState::kExpired);
  EXPECT_EQ(reserve(2).outcome, Outcome::kDone);
}

TEST_F(Reserving, sees_a_deadline_that_lies_between_two_ticks) {
  open_with(1);
  at_second(10.0004);
  const HoldNumber hold = held_by(1);
  at_second(310.0003);
  EXPECT_EQ(look(hold).hold->state, HoldState::kHeld);
  EXPECT_EQ(decide_between_ticks(LookUpHold{hold, {}}, 310.0004).hold->state, HoldState::kExpired);
}

TEST_F(Reserving, counts_no_hold_of_the_customer_whose_deadline_has_just_passed) {
  Settings two = settings(QueueKind::kNone, 5);
  two.per_customer = 2;
  open(two);
  at_second(10.0004);
  const HoldNumber older = held_by(1);
  at_second(11);
  held_by(1);
  at_second(310.0001);
  EXPECT_EQ(reserve(1).outcome, Outcome::kOnePerCustomer);
  EXPECT_EQ(decide_between_ticks(Reserve{kSale, customer(1), {}}, 310.0004).outcome, Outcome::kDone);
  EXPECT_EQ(look(older).hold->state, HoldState::kExpired);
}

TEST_F(Reserving, answers_the_same_request_with_the_same_hold) {
  open_with(5);
  const Reply first = reserve(1, key(7));
  const Reply again = reserve(1, key(7));
  EXPECT_EQ(again.outcome, Outcome::kAlready);
  EXPECT_EQ(again.hold->number, first.hold->number);
  EXPECT_EQ(reserve(1, with_other_body(key(7))).outcome, Outcome::kKeyReused);
  EXPECT_EQ(status().held, 1U);
}

TEST_F(Reserving, remembers_a_key_whatever_became_of_its_hold) {
  open_with(5);
  const HoldNumber hold = reserve(1, key(7)).hold->number;
  release(hold, 1);
  const Reply again = reserve(1, key(7));
  EXPECT_EQ(again.outcome, Outcome::kAlready);
  EXPECT_EQ(again.hold->state, HoldState::kReleased);
  EXPECT_EQ(reserve(1, key(8)).outcome, Outcome::kDone);
  EXPECT_EQ(reserve(1, key(7)).hold->number, hold) << "an older key is still known";
  act(SaleAction::kClose);
  EXPECT_EQ(reserve(1, key(7)).outcome, Outcome::kAlready) << "even when the sale is over";
}

TEST_F(Reserving, keeps_keys_of_customers_apart) {
  open_with(5);
  reserve(1, key(7));
  EXPECT_EQ(reserve(2, key(7)).outcome, Outcome::kDone);
}

TEST_F(Reserving, releases_once) {
  open_with(2);
  const HoldNumber hold = held_by(1);
  EXPECT_EQ(release(hold, 1).outcome, Outcome::kDone);
  EXPECT_EQ(release(hold, 1).outcome, Outcome::kAlready);
  EXPECT_EQ(status().available, 2U);
}

TEST_F(Reserving, says_why_a_hold_can_not_be_released) {
  open_with(3);
  const HoldNumber paying = held_by(1);
  pay(paying, 1);
  EXPECT_EQ(release(paying, 1).outcome, Outcome::kPaymentInFlight);
  succeed(paying, 1);
  EXPECT_EQ(release(paying, 1).outcome, Outcome::kAlreadySold);
  const HoldNumber expired = held_by(2);
  at_second(400);
  EXPECT_EQ(release(expired, 2).outcome, Outcome::kExpired);
}

TEST_F(Reserving, hides_holds_of_others) {
  open_with(3);
  const HoldNumber hold = held_by(1);
  EXPECT_EQ(release(hold, 2).outcome, Outcome::kNotFound);
  EXPECT_EQ(look(hold, customer(2)).outcome, Outcome::kNotFound);
  EXPECT_EQ(pay(hold, 2).outcome, Outcome::kNotFound);
  EXPECT_EQ(look(hold, customer(1)).outcome, Outcome::kDone);
  EXPECT_EQ(look(hold).outcome, Outcome::kDone) << "an operator sees all";
  EXPECT_EQ(look(HoldNumber{7, 0}).outcome, Outcome::kNotFound);
  EXPECT_EQ(look(HoldNumber{0, 1}).outcome, Outcome::kNotFound);
  EXPECT_EQ(release(HoldNumber{UINT32_MAX, 0}, 1).outcome, Outcome::kNotFound);
}

TEST_F(Reserving, forgets_a_hold_a_day_after_its_end_and_never_gives_its_number_again) {
  open_with(1);
  const HoldNumber first = held_by(1);
  release(first, 1);
  const double forgotten = 10 + 120 + kDay;
  at_second(forgotten - 0.001);
  EXPECT_EQ(look(first).outcome, Outcome::kDone);
  at_second(forgotten);
  EXPECT_EQ(look(first).outcome, Outcome::kNotFound);
  const HoldNumber second = held_by(1);
  EXPECT_EQ(second.slot, first.slot);
  EXPECT_EQ(second.generation, first.generation + 1);
  EXPECT_EQ(look(first).outcome, Outcome::kNotFound);
  EXPECT_EQ(release(first, 1).outcome, Outcome::kNotFound);
  EXPECT_EQ(status().held, 1U);
}

TEST_F(Reserving, forgets_holds_of_one_customer_in_any_order) {
  Settings many = settings(QueueKind::kNone, 10);
  many.per_customer = 5;
  open(many);
  std::vector<HoldNumber> holds;
  for (int i = 0; i < 5; ++i) {
    at_second(10 + i);
    holds.push_back(held_by(1));
  }
  pay(holds[1], 1);
  succeed(holds[1], 1);
  at_second(2 * kDay);
  for (size_t i = 0; i < holds.size(); ++i) {
    EXPECT_EQ(look(holds[i]).outcome, i == 1 ? Outcome::kDone : Outcome::kNotFound);
  }
  for (int i = 0; i < 4; ++i) EXPECT_EQ(reserve(1).outcome, Outcome::kDone);
  EXPECT_EQ(reserve(1).outcome, Outcome::kOnePerCustomer);
}

TEST_F(Reserving, says_so_when_its_table_is_full) {
  open_with(1'000);
  for (uint64_t who = 1; who <= kSmall.holds; ++who) held_by(who);
  EXPECT_EQ(reserve(1'000).outcome, Outcome::kLimitReached);
  EXPECT_EQ(status().available, 1'000 - kSmall.holds);
}

TEST_F(Reserving, notes_when_the_last_unit_was_held_and_when_it_was_sold) {
  open_with(2);
  const HoldNumber first = held_by(1);
  EXPECT_EQ(status().all_held_at, Timestamp());
  at_second(12);
  const HoldNumber second = held_by(2);
  EXPECT_EQ(status().all_held_at, at(12));
  at_second(13);
  for (const auto& [hold, who] : {std::pair(first, 1), std::pair(second, 2)}) {
    pay(hold, static_cast<uint64_t>(who));
    succeed(hold, 1);
  }
  EXPECT_EQ(status().all_held_at, at(12));
  EXPECT_EQ(status().all_sold_at, at(13));
  at_second(14);
  EXPECT_EQ(change({.title = "Gone"}).outcome, Outcome::kDone);
  EXPECT_EQ(status().all_sold_at, at(13)) << "a change of what is sold out sells nothing";
}

}  // namespace
}  // namespace doorbuster::sale
