// What one customer can leave behind: enough to be answered from, and never so much that it fills the tables.
#include "sale/machine/machine_test_fixture.h"

namespace doorbuster::sale {
namespace {

class Bounded : public MachineFixture {
 protected:
  HoldNumber hold_and_release(uint64_t who, Idempotency idempotency = {}) {
    const HoldNumber hold = reserve(who, idempotency).hold->number;
    EXPECT_EQ(release(hold, who).outcome, Outcome::kDone);
    return hold;
  }
  std::vector<HoldNumber> hold_and_release_often(uint64_t who, uint32_t times) {
    std::vector<HoldNumber> holds;
    for (uint32_t i = 0; i < times; ++i) holds.push_back(hold_and_release(who));
    return holds;
  }
  void join_and_leave(uint64_t who, uint32_t times) {
    for (uint32_t i = 0; i < times; ++i) {
      const Reply joined = join(who);
      ASSERT_EQ(joined.outcome, Outcome::kDone);
      ASSERT_EQ(leave(joined.entry->number, who).outcome, Outcome::kDone);
    }
  }
  bool is_known(HoldNumber hold) { return look(hold).outcome == Outcome::kDone; }
};

TEST_F(Bounded, remembers_the_eight_newest_holds_that_came_to_nothing) {
  open(settings(QueueKind::kNone, 1));
  const auto holds = hold_and_release_often(1, 10);
  EXPECT_FALSE(is_known(holds[0]));
  EXPECT_FALSE(is_known(holds[1]));
  for (size_t i = 2; i < holds.size(); ++i) EXPECT_TRUE(is_known(holds[i]));
  EXPECT_EQ(release(holds[1], 1).outcome, Outcome::kNotFound);
  EXPECT_EQ(release(holds[2], 1).outcome, Outcome::kAlready);
}

TEST_F(Bounded, counts_each_customer_and_each_sale_apart) {
  open(settings(QueueKind::kNone, 1));
  Settings other = settings(QueueKind::kNone, 1);
  other.id = "xbox";
  create(other);
  const auto holds = hold_and_release_often(1, kMaxUntriedHolds);
  hold_and_release_often(2, kMaxUntriedHolds);
  const Reply elsewhere = decide(Reserve{SaleNumber(1), customer(1), {}});
  release(elsewhere.hold->number, 1);
  for (const HoldNumber hold : holds) EXPECT_TRUE(is_known(hold));
}

TEST_F(Bounded, answers_about_a_hold_before_it_is_forgotten) {
  Settings two = settings(QueueKind::kNone, 2);
  two.per_customer = 2;
  open(two);
  const HoldNumber oldest = held_by(1);
  const auto holds = hold_and_release_often(1, kMaxUntriedHolds);
  const Reply ended = release(oldest, 1);
  EXPECT_EQ(ended.outcome, Outcome::kDone);
  EXPECT_EQ(ended.hold->number, oldest);
  EXPECT_EQ(ended.hold->state, HoldState::kReleased);
  EXPECT_FALSE(is_known(oldest));
  EXPECT_TRUE(is_known(holds[0]));
}

TEST_F(Bounded, forgets_when_holds_expire_too) {
  Settings many = settings(QueueKind::kNone, 20);
  many.per_customer = 20;
  open(many);
  std::vector<HoldNumber> holds;
  for (int i = 0; i < 20; ++i) holds.push_back(held_by(1));
  at_second(310);
  for (size_t i = 0; i < holds.size(); ++i) EXPECT_EQ(is_known(holds[i]), i >= 12) << i;
}

TEST_F(Bounded, forgets_when_holds_that_are_over_are_found_between_ticks) {
  Settings many = settings(QueueKind::kNone, 20);
  many.per_customer = 20;
  open(many);
  for (int i = 0; i < 20; ++i) held_by(1);
  const Reply next = decide_between_ticks(Reserve{kSale, customer(1), {}}, 310);
  EXPECT_EQ(next.outcome, Outcome::kDone);
  EXPECT_EQ(status().available, 19U);
}

TEST_F(Bounded, never_forgets_early_where_money_came_or_may_still_come) {
  open(settings(QueueKind::kNone, 1));
  const HoldNumber declined = held_by(1);
  pay(declined, 1);
  fail_payment(declined, 1);
  release(declined, 1);
  const HoldNumber unknown = held_by(1);
  pay(unknown, 1);
  at_second(500);
  const auto holds = hold_and_release_often(1, 2 * kMaxUntriedHolds);
  EXPECT_TRUE(is_known(declined));
  EXPECT_TRUE(is_known(unknown));
  EXPECT_TRUE(is_known(holds[kMaxUntriedHolds]));
  for (const HoldNumber paid_late : {declined, unknown}) {
    EXPECT_EQ(succeed(paid_late, 1).hold->refund, RefundState::kDue);
    EXPECT_EQ(refund(paid_late, 1).outcome, Outcome::kDone);
  }
}

TEST_F(Bounded, eight_holds_that_were_paid_for_in_vain_are_enough) {
  open(settings(QueueKind::kNone, 1));
  for (uint32_t i = 0; i < kMaxAbandonedPayments; ++i) {
    const HoldNumber hold = held_by(1);
    ASSERT_EQ(pay(hold, 1).outcome, Outcome::kDone);
    fail_payment(hold, 1);
    release(hold, 1);
  }
  const HoldNumber one_more = held_by(1);
  EXPECT_EQ(pay(one_more, 1).outcome, Outcome::kTooManyAttempts);
  release(one_more, 1);
  at_second(2 * kDay);  // those are forgotten, and it may be tried again
  EXPECT_EQ(pay(held_by(1), 1).outcome, Outcome::kDone);
}

TEST_F(Bounded, forgets_the_key_together_with_its_hold) {
  open(settings(QueueKind::kNone, 1));
  hold_and_release(1, key(7));
  hold_and_release_often(1, kMaxUntriedHolds - 1);
  EXPECT_EQ(reserve(1, key(7)).outcome, Outcome::kAlready);
  hold_and_release(1);
  EXPECT_EQ(reserve(1, key(7)).outcome, Outcome::kDone);
}

TEST_F(Bounded, an_entry_outlives_its_forgotten_hold) {
  open(settings(QueueKind::kFifo, 1));
  const EntryNumber first = join(1).entry->number;
  const HoldNumber held = hold_and_release(1);
  EXPECT_EQ(look(first).entry->hold, held);
  for (uint32_t i = 0; i < kMaxUntriedHolds; ++i) {
    join(1);
    hold_and_release(1);
  }
  EXPECT_EQ(look(first).entry->hold, std::nullopt);
  EXPECT_EQ(look(first).entry->state, EntryState::kLeft);
}

TEST_F(Bounded, sixteen_vain_entries_are_enough) {
  open(settings(QueueKind::kFifo, 1));
  join_and_leave(1, kMaxAbandonedEntries - 1);
  join(1);
  at_second(70);  // lapses
  const Reply refused = join(1);
  EXPECT_EQ(refused.outcome, Outcome::kTooManyEntries);
  EXPECT_EQ(refused.entry->state, EntryState::kLapsed);
  EXPECT_EQ(join(2).outcome, Outcome::kDone);
  act(SaleAction::kClose);
  EXPECT_EQ(join(1).outcome, Outcome::kSaleClosed);
}

TEST_F(Bounded, a_hold_given_back_or_expired_makes_its_entry_vain_and_a_bought_unit_does_not) {
  Settings two = settings(QueueKind::kFifo, 2);
  two.per_customer = 2;
  open(two);
  join(1);
  const HoldNumber bought = held_by(1);
  pay(bought, 1);
  succeed(bought, 1);
  join(1);
  hold_and_release(1);
  join(1);
  held_by(1);
  at_second(400);  // expires
  join_and_leave(1, kMaxAbandonedEntries - 2);
  EXPECT_EQ(join(1).outcome, Outcome::kTooManyEntries);
}

TEST_F(Bounded, an_old_key_finds_its_entry_when_no_more_are_taken) {
  open(settings(QueueKind::kFifo, 1));
  const Reply first = join(1, key(1));
  leave(first.entry->number, 1);
  join_and_leave(1, kMaxAbandonedEntries - 1);
  EXPECT_EQ(join(1, key(2)).outcome, Outcome::kTooManyEntries);
  const Reply again = join(1, key(1));
  EXPECT_EQ(again.outcome, Outcome::kAlready);
  EXPECT_EQ(again.entry->number, first.entry->number);
}

TEST_F(Bounded, one_customer_alone_does_not_fill_the_tables) {
  open(settings(QueueKind::kFifo, 1));
  Settings plain = settings(QueueKind::kNone, 1);
  plain.id = "plain";
  create(plain);
  for (uint32_t i = 0; i < 500; ++i) {
    const Reply joined = join(1);
    if (joined.outcome == Outcome::kDone) hold_and_release(1);
    const Reply held = decide(Reserve{SaleNumber(1), customer(1), {}});
    ASSERT_EQ(held.outcome, Outcome::kDone);
    release(held.hold->number, 1);
  }
  EXPECT_LE(machine_.state().hold_slots(), 2 * (kMaxUntriedHolds + 1));
  EXPECT_EQ(machine_.state().entry_slots(), kMaxAbandonedEntries);
}

}  // namespace
}  // namespace doorbuster::sale
