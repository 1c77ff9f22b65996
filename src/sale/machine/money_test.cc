// Money that fits no expectation: it buys nothing, it is remembered, and all of it goes back.
#include <array>

#include "sale/machine/machine_test_fixture.h"

namespace doorbuster::sale {
namespace {

constexpr Money kPrice{49'900, Currency("USD")};

class UnexpectedMoney : public PaymentFixture {
 protected:
  // Opened at second 10: holds end at 310, their grace at 430.
  UnexpectedMoney() { open(priced()); }

  static Settings priced(QueueKind queue = QueueKind::kNone) {
    Settings priced = settings(queue, 2);
    priced.price = kPrice;
    return priced;
  }
  const KnownMoney& money_of(HoldNumber hold) {
    return *machine_.state().find_money({0, hold.packed(), 1, payment_identity("pay_1")});
  }
  // Paid for by the first payment.
  HoldNumber sold_to(uint64_t who) {
    const HoldNumber hold = paying(who);
    EXPECT_EQ(succeed(hold, 1, "pay_1").hold->state, HoldState::kSold);
    return hold;
  }
  void archive() {
    act(SaleAction::kClose);
    at_second(40 * kDay);
    ASSERT_TRUE(is_archived());
  }
  Reply late(HoldNumber hold, const std::string& reference, bool is_unknown_to_archive = true) {
    return decide(SettlePayment{hold, 1, PaymentResult::kSucceeded, reference, kPrice, kSale, is_unknown_to_archive});
  }
};

TEST_F(UnexpectedMoney, of_another_amount_or_currency_buys_nothing_and_goes_back) {
  constexpr std::array kWrong = {Money{100, Currency("USD")}, Money{49'900, Currency("IDR")},
                                 Money{50'000, Currency("USD")}, Money{0, Currency("XXX")}};
  for (uint64_t who = 1; who <= kWrong.size(); ++who) {
    const Money wrong = kWrong[who - 1];
    const HoldNumber hold = paying(who);
    const Reply reply = succeed(hold, 1, "pay_1", wrong);
    EXPECT_EQ(reply.outcome, Outcome::kDone);
    EXPECT_EQ(reply.hold->state, HoldState::kHeld) << "it may be paid for as it should be, as long as it is kept";
    EXPECT_EQ(reply.hold->refund, RefundState::kDue);
    EXPECT_EQ(money_of(hold).paid, wrong);
    EXPECT_EQ(refunds_due(), 1U);
    EXPECT_EQ(succeed(hold, 1, "pay_1", wrong).outcome, Outcome::kAlready);
    EXPECT_EQ(refund(hold, 1, "pay_1", kPrice).outcome, Outcome::kWrongState) << "that is not what came";
    EXPECT_EQ(refund(hold, 1, "pay_1", wrong).outcome, Outcome::kDone);
    EXPECT_EQ(refund_of(hold), RefundState::kDone);
    EXPECT_EQ(refunds_due(), 0U);
    release(hold, who);
  }
  EXPECT_EQ(status().sold, 0U);
}

TEST_F(UnexpectedMoney, of_another_amount_leaves_the_hold_to_be_paid_again) {
  const HoldNumber hold = paying(1);
  succeed(hold, 1, "pay_1", Money{1, Currency("USD")});
  EXPECT_EQ(pay(hold, 1).hold->attempts, 2);
  EXPECT_EQ(succeed(hold, 2, "pay_2").hold->state, HoldState::kSold);
  EXPECT_EQ(refund_of(hold), RefundState::kDue);
  EXPECT_EQ(fail_payment(hold, 1).outcome, Outcome::kAlready);
}

TEST_F(UnexpectedMoney, of_another_amount_ends_the_grace_as_a_declined_payment_does) {
  const HoldNumber hold = paying(1);
  at_second(350);
  EXPECT_EQ(succeed(hold, 1, "pay_1", Money{1, Currency("USD")}).hold->state, HoldState::kExpired);
  EXPECT_EQ(status().available, 2U);
  EXPECT_EQ(refunds_due(), 1U);
}

TEST_F(UnexpectedMoney, that_comes_late_and_is_too_little_goes_back_as_what_it_is) {
  const HoldNumber hold = paying(1);
  at_second(500);
  EXPECT_EQ(succeed(hold, 1, "pay_1", Money{1, Currency("USD")}).hold->refund, RefundState::kDue);
  EXPECT_EQ(money_of(hold).paid, (Money{1, Currency("USD")}));
}

TEST_F(UnexpectedMoney, of_a_sale_without_a_price_goes_back) {
  Settings free = settings(QueueKind::kNone, 1);
  free.id = "free";
  free.opens_at = now_;
  const SaleNumber sale = create(free).sale;
  const HoldNumber hold = decide(Reserve{sale, customer(1), {}}).hold->number;
  decide(StartPayment{hold, customer(1), {}});
  const Reply reply = decide(SettlePayment{hold, 1, PaymentResult::kSucceeded, "pay_1", kPrice, sale});
  EXPECT_EQ(reply.hold->state, HoldState::kHeld);
  EXPECT_EQ(reply.hold->refund, RefundState::kDue);
}

TEST_F(UnexpectedMoney, is_a_second_payment_of_what_is_sold) {
  const HoldNumber hold = sold_to(1);
  EXPECT_EQ(succeed(hold, 1, "pay_1").outcome, Outcome::kAlready);
  EXPECT_EQ(refund_of(hold), RefundState::kNone) << "that was the first, told again";
  const Reply second = succeed(hold, 1, "pay_2");
  EXPECT_EQ(second.outcome, Outcome::kDone);
  EXPECT_EQ(second.hold->state, HoldState::kSold);
  EXPECT_EQ(second.hold->refund, RefundState::kDue);
  EXPECT_EQ(succeed(hold, 1, "pay_2").outcome, Outcome::kAlready);
  EXPECT_EQ(refunds_due(), 1U);
  EXPECT_EQ(refund(hold, 1, "pay_1").outcome, Outcome::kWrongState) << "what bought the unit stays";
  EXPECT_EQ(refund(hold, 1, "pay_2").outcome, Outcome::kDone);
  EXPECT_EQ(refund(hold, 1, "pay_2").outcome, Outcome::kAlready);
  EXPECT_EQ(refunds_due(), 0U);
  EXPECT_EQ(status().sold, 1U);
}

TEST_F(UnexpectedMoney, is_a_second_payment_of_what_goes_back_already) {
  const HoldNumber hold = paying(1);
  at_second(500);
  succeed(hold, 1, "pay_1");
  EXPECT_EQ(succeed(hold, 1, "pay_1").outcome, Outcome::kAlready);
  EXPECT_EQ(succeed(hold, 1, "pay_2").outcome, Outcome::kDone);
  EXPECT_EQ(refunds_due(), 2U);
  EXPECT_EQ(refund(hold, 1, "pay_1", Money{1, Currency("USD")}).outcome, Outcome::kWrongState) << "not all of it";
  EXPECT_EQ(refund(hold, 1, "pay_1", kPrice).outcome, Outcome::kDone);
  EXPECT_EQ(refund_of(hold), RefundState::kDue);
  EXPECT_EQ(refund(hold, 1, "pay_2", kPrice).outcome, Outcome::kDone);
  EXPECT_EQ(refund_of(hold), RefundState::kDone);
}

TEST_F(UnexpectedMoney, for_a_hold_that_is_forgotten_goes_back) {
  const HoldNumber hold = paying(1);
  fail_payment(hold, 1);
  at_second(3 * kDay);
  ASSERT_EQ(look(hold).outcome, Outcome::kNotFound);
  EXPECT_EQ(late(hold, "pay_1").outcome, Outcome::kDone);
  EXPECT_EQ(late(hold, "pay_1").outcome, Outcome::kAlready);
  EXPECT_EQ(refunds_due(), 1U);
  EXPECT_EQ(refund(hold, 1, "pay_1").outcome, Outcome::kDone);
  EXPECT_EQ(refund(hold, 1, "pay_1").outcome, Outcome::kAlready);
  EXPECT_EQ(refunds_due(), 0U);
  EXPECT_EQ(late(HoldNumber{hold.slot, hold.generation + 1}, "pay_1").outcome, Outcome::kNotFound)
      << "there never was such a hold";
}

TEST_F(UnexpectedMoney, keeps_its_sale_from_the_archive_until_it_is_back) {
  const HoldNumber hold = sold_to(1);
  succeed(hold, 1, "pay_2");
  act(SaleAction::kClose);
  at_second(40 * kDay);
  EXPECT_FALSE(is_archived());
  refund(hold, 1, "pay_2");
  at_second(41 * kDay);
  EXPECT_TRUE(is_archived());
}

TEST_F(UnexpectedMoney, for_a_sale_that_is_archived_goes_back_once_somebody_has_looked) {
  const HoldNumber sold = sold_to(1);
  const HoldNumber declined = paying(2);
  fail_payment(declined, 1);
  archive();
  EXPECT_EQ(late(declined, "pay_9", false).outcome, Outcome::kNotFound);
  EXPECT_EQ(late(declined, "pay_9").outcome, Outcome::kDone);
  EXPECT_EQ(late(declined, "pay_9").outcome, Outcome::kAlready);
  EXPECT_EQ(late(sold, "pay_2").outcome, Outcome::kDone);
  EXPECT_EQ(machine_.state().known_money().size(), 2U);
  machine_.take_publications([](Machine::Publication&& publication) {
    for (const ArchivedId& archived : publication.archived) EXPECT_EQ(archived.id, "ps5");
  });
  EXPECT_EQ(refund(declined, 1, "pay_9", kPrice).outcome, Outcome::kDone);
  EXPECT_EQ(refund(declined, 1, "pay_9", kPrice).outcome, Outcome::kAlready);
  EXPECT_EQ(refund(declined, 1, "pay_1").outcome, Outcome::kNotFound);
}

TEST_F(UnexpectedMoney, is_not_kept_by_the_snapshot_of_a_sale_that_has_none_to_give_back) {
  const HoldNumber hold = paying(1);
  at_second(500);
  succeed(hold, 1, "pay_1");
  refund(hold, 1, "pay_1");
  EXPECT_EQ(machine_.state().known_money().size(), 1U) << "so that it is known when it is told again";
  archive();
  EXPECT_TRUE(machine_.state().known_money().empty());
}

TEST_F(UnexpectedMoney, is_said_in_a_snapshot_as_it_was_when_it_began) {
  const HoldNumber hold = sold_to(1);
  succeed(hold, 1, "pay_2");
  const std::vector<std::byte> before = saved(machine_);
  machine_.begin_snapshot();
  std::vector<std::byte> parts;
  ASSERT_TRUE(machine_.save_part(parts, 1));
  succeed(hold, 1, "pay_3");
  refund(hold, 1, "pay_2");
  succeed(paying(2), 1, "pay_4");
  while (machine_.save_part(parts, 1)) {
  }
  EXPECT_EQ(parts, before);
}

}  // namespace
}  // namespace doorbuster::sale
