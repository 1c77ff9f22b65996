// Money: in time, late, twice, not at all.
#include "sale/machine/machine_test_fixture.h"

namespace doorbuster::sale {
namespace {

class Paying : public PaymentFixture {
 protected:
  // Opened at second 10: holds end at 310, their grace at 430.
  Paying() { open(settings(QueueKind::kNone, 2)); }
};

TEST_F(Paying, turns_a_hold_into_a_sold_unit) {
  const HoldNumber hold = paying(1);
  EXPECT_EQ(status().paying, 1U);
  const Reply paid = succeed(hold, 1);
  EXPECT_EQ(paid.outcome, Outcome::kDone);
  EXPECT_EQ(paid.hold->state, HoldState::kSold);
  EXPECT_EQ(paid.hold->refund, RefundState::kNone);
  EXPECT_EQ(status().sold, 1U);
  at_second(5 * kDay);
  EXPECT_EQ(state_of(hold), HoldState::kSold) << "what is sold does not expire";
}

TEST_F(Paying, gives_a_payment_in_flight_its_grace_once) {
  const HoldNumber hold = paying(1);
  at_second(429.999);
  EXPECT_EQ(state_of(hold), HoldState::kPaying);
  at_second(430);
  EXPECT_EQ(state_of(hold), HoldState::kExpired);
  EXPECT_EQ(status().available, 2U);
}

TEST_F(Paying, takes_the_money_at_the_last_moment_of_the_grace) {
  const HoldNumber hold = paying(1);
  at_second(429.999);
  EXPECT_EQ(succeed(hold, 1).hold->state, HoldState::kSold);
}

TEST_F(Paying, refuses_the_unit_at_the_deadline_even_before_the_tick) {
  const HoldNumber hold = paying(1);
  at_second(429);
  const Reply late = decide_between_ticks(SettlePayment{hold, 1, PaymentResult::kSucceeded, "late"}, 430);
  EXPECT_EQ(late.hold->state, HoldState::kExpired);
  EXPECT_EQ(late.hold->refund, RefundState::kDue);
}

TEST_F(Paying, gives_no_grace_to_a_hold_whose_payment_failed) {
  const HoldNumber hold = paying(1);
  EXPECT_EQ(fail_payment(hold, 1).hold->state, HoldState::kHeld);
  at_second(310);
  EXPECT_EQ(state_of(hold), HoldState::kExpired);
}

TEST_F(Paying, ends_a_hold_at_once_whose_payment_fails_within_the_grace) {
  const HoldNumber hold = paying(1);
  at_second(350);
  EXPECT_EQ(fail_payment(hold, 1).hold->state, HoldState::kExpired);
  EXPECT_EQ(status().available, 2U);
}

TEST_F(Paying, may_be_tried_again_after_a_failure_eight_times) {
  const HoldNumber hold = held_by(1);
  for (uint8_t attempt = 1; attempt <= 8; ++attempt) {
    const Reply started = pay(hold, 1);
    EXPECT_EQ(started.outcome, Outcome::kDone);
    EXPECT_EQ(started.hold->attempts, attempt);
    EXPECT_EQ(fail_payment(hold, attempt).outcome, Outcome::kDone);
  }
  EXPECT_EQ(pay(hold, 1).outcome, Outcome::kTooManyAttempts);
  EXPECT_EQ(release(hold, 1).outcome, Outcome::kDone);
}

TEST_F(Paying, starts_one_payment_at_a_time) {
  const HoldNumber hold = paying(1);
  const Reply again = pay(hold, 1);
  EXPECT_EQ(again.outcome, Outcome::kAlready);
  EXPECT_EQ(again.hold->attempts, 1);
  succeed(hold, 1);
  EXPECT_EQ(pay(hold, 1).outcome, Outcome::kAlready);
}

TEST_F(Paying, starts_none_for_what_is_over) {
  const HoldNumber released = held_by(1);
  release(released, 1);
  EXPECT_EQ(pay(released, 1).outcome, Outcome::kReleased);
  const HoldNumber expired = held_by(2);
  at_second(310);
  EXPECT_EQ(pay(expired, 2).outcome, Outcome::kExpired);
  EXPECT_EQ(pay(HoldNumber{9, 9}, 2).outcome, Outcome::kNotFound);
}

TEST_F(Paying, is_not_started_again_by_the_key_of_any_earlier_payment) {
  const HoldNumber hold = held_by(1);
  for (uint8_t attempt = 1; attempt <= 3; ++attempt) {
    EXPECT_EQ(pay(hold, 1, key(attempt)).outcome, Outcome::kDone);
    fail_payment(hold, attempt);
  }
  for (const uint64_t number : {1, 2, 3}) {
    const Reply again = pay(hold, 1, key(number));
    EXPECT_EQ(again.outcome, Outcome::kAlready);
    EXPECT_EQ(again.hold->state, HoldState::kHeld);
    EXPECT_EQ(again.hold->attempts, 3);
    EXPECT_EQ(pay(hold, 1, with_other_body(key(number))).outcome, Outcome::kKeyReused);
  }
  EXPECT_EQ(pay(hold, 1, key(4)).hold->attempts, 4);
}

TEST_F(Paying, knows_the_keys_of_a_hold_no_longer_than_the_hold) {
  const HoldNumber first = held_by(1);
  for (uint8_t attempt = 1; attempt <= 2; ++attempt) {
    pay(first, 1, key(attempt));
    fail_payment(first, attempt);
  }
  release(first, 1);
  at_second(2 * kDay);
  const HoldNumber next = held_by(1);
  EXPECT_EQ(next.slot, first.slot);
  EXPECT_EQ(pay(next, 1, key(9)).outcome, Outcome::kDone);
  fail_payment(next, 1);
  EXPECT_EQ(pay(next, 1, key(1)).outcome, Outcome::kDone);
}

TEST_F(Paying, answers_the_same_request_with_the_same_payment) {
  const HoldNumber hold = held_by(1);
  EXPECT_EQ(pay(hold, 1, key(3)).outcome, Outcome::kDone);
  fail_payment(hold, 1);
  const Reply again = pay(hold, 1, key(3));
  EXPECT_EQ(again.outcome, Outcome::kAlready);
  EXPECT_EQ(again.hold->attempts, 1);
  EXPECT_EQ(pay(hold, 1, with_other_body(key(3))).outcome, Outcome::kKeyReused);
  EXPECT_EQ(pay(hold, 1, key(4)).hold->attempts, 2);
}

TEST_F(Paying, hears_each_result_once) {
  const HoldNumber hold = paying(1);
  fail_payment(hold, 1);
  EXPECT_EQ(fail_payment(hold, 1).outcome, Outcome::kAlready);
  pay(hold, 1);
  succeed(hold, 2);
  EXPECT_EQ(succeed(hold, 2).outcome, Outcome::kAlready);
  EXPECT_EQ(fail_payment(hold, 2).outcome, Outcome::kAlready) << "money that came can't have failed";
  EXPECT_EQ(status().sold, 1U);
}

TEST_F(Paying, knows_no_payment_that_was_not_started) {
  const HoldNumber hold = paying(1);
  EXPECT_EQ(succeed(hold, 0).outcome, Outcome::kNotFound);
  EXPECT_EQ(succeed(hold, 2).outcome, Outcome::kNotFound);
  EXPECT_EQ(succeed(HoldNumber{9, 9}, 1).outcome, Outcome::kNotFound);
  EXPECT_EQ(refund(hold, 0).outcome, Outcome::kNotFound);
  EXPECT_EQ(refund(hold, 2).outcome, Outcome::kNotFound);
  EXPECT_EQ(refund(HoldNumber{9, 9}, 1).outcome, Outcome::kNotFound);
}

TEST_F(Paying, believes_success_after_failure_while_the_hold_lives) {
  const HoldNumber hold = paying(1);
  fail_payment(hold, 1);
  EXPECT_EQ(succeed(hold, 1).hold->state, HoldState::kSold);
}

TEST_F(Paying, sells_by_an_older_attempt_and_refunds_the_newer_one) {
  const HoldNumber hold = paying(1);
  fail_payment(hold, 1);
  pay(hold, 1);
  EXPECT_EQ(succeed(hold, 1).hold->state, HoldState::kSold);
  const Reply second = succeed(hold, 2);
  EXPECT_EQ(second.hold->state, HoldState::kSold);
  EXPECT_EQ(second.hold->refund, RefundState::kDue);
  EXPECT_EQ(refund(hold, 1).outcome, Outcome::kWrongState) << "the first one bought the unit";
  EXPECT_EQ(refund(hold, 2).hold->refund, RefundState::kDone);
  EXPECT_EQ(status().sold, 1U);
}

TEST_F(Paying, does_not_stop_a_newer_attempt_when_an_older_one_fails_late) {
  const HoldNumber hold = paying(1);
  fail_payment(hold, 1);
  pay(hold, 1);
  EXPECT_EQ(fail_payment(hold, 1).outcome, Outcome::kAlready);
  EXPECT_EQ(state_of(hold), HoldState::kPaying);
}

TEST_F(Paying, refunds_money_that_comes_too_late_and_sells_the_unit_once) {
  const HoldNumber hold = paying(1);
  at_second(430);
  held_by(2);
  held_by(3);
  const Reply late = succeed(hold, 1);
  EXPECT_EQ(late.outcome, Outcome::kDone);
  EXPECT_EQ(late.hold->state, HoldState::kExpired);
  EXPECT_EQ(late.hold->refund, RefundState::kDue);
  EXPECT_EQ(succeed(hold, 1).outcome, Outcome::kAlready);
  EXPECT_EQ(refunds_due(), 1U);
  EXPECT_EQ(refund(hold, 1).hold->refund, RefundState::kDone);
  EXPECT_EQ(refund(hold, 1).outcome, Outcome::kAlready);
  EXPECT_EQ(refunds_due(), 0U);
  EXPECT_EQ(status().held, 2U);
}

TEST_F(Paying, refunds_money_for_a_released_hold) {
  const HoldNumber hold = paying(1);
  fail_payment(hold, 1);
  release(hold, 1);
  EXPECT_EQ(succeed(hold, 1).hold->refund, RefundState::kDue);
}

TEST_F(Paying, owes_a_refund_for_each_payment_that_brought_money_in_vain) {
  const HoldNumber hold = paying(1);
  fail_payment(hold, 1);
  pay(hold, 1);
  fail_payment(hold, 2);
  release(hold, 1);
  succeed(hold, 1);
  succeed(hold, 2);
  EXPECT_EQ(refunds_due(), 2U);
  EXPECT_EQ(refund(hold, 2).hold->refund, RefundState::kDue) << "one is still to come";
  EXPECT_EQ(refund(hold, 1).hold->refund, RefundState::kDone);
}

TEST_F(Paying, keeps_a_hold_whose_refund_is_due_until_it_is_done) {
  const HoldNumber hold = paying(1);
  fail_payment(hold, 1);
  at_second(310);
  succeed(hold, 1);
  at_second(20 * kDay);
  EXPECT_EQ(refund_of(hold), RefundState::kDue) << "money must not be forgotten, though the payment was called failed";
  EXPECT_EQ(refund(hold, 1).outcome, Outcome::kDone);
}

TEST_F(Paying, keeps_a_hold_while_the_result_of_its_payment_is_unknown) {
  const HoldNumber hold = paying(1);
  at_second(20 * kDay);
  EXPECT_EQ(state_of(hold), HoldState::kExpired);
  EXPECT_EQ(fail_payment(hold, 1).outcome, Outcome::kDone);
  at_second(20 * kDay + 1);
  EXPECT_EQ(look(hold).outcome, Outcome::kNotFound) << "now nothing more can come";
}

TEST_F(Paying, goes_on_while_the_sale_is_paused_and_after_it_is_closed) {
  const HoldNumber first = held_by(1);
  const HoldNumber second = held_by(2);
  act(SaleAction::kPause);
  EXPECT_EQ(pay(first, 1).outcome, Outcome::kDone);
  EXPECT_EQ(succeed(first, 1).hold->state, HoldState::kSold);
  act(SaleAction::kClose);
  EXPECT_EQ(pay(second, 2).outcome, Outcome::kDone);
  EXPECT_EQ(succeed(second, 1).hold->state, HoldState::kSold);
}

}  // namespace
}  // namespace doorbuster::sale
