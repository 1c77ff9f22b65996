#include "sale/views/orders.h"

#include <gtest/gtest.h>

#include "sale/machine/money.h"

namespace doorbuster::sale {
namespace {

class OrderOfTwoPayments : public ::testing::Test {
 protected:
  static constexpr SaleNumber kSale{0};
  static constexpr HoldNumber kHold{3, 1};

  OrderOfTwoPayments() { orders_.on(PaymentStarted{kSale, kHold, {1, 2}, 1, {}}, place_); }
  void come(const char* payment) {
    orders_.on(MoneyUnexpected{kSale, kHold, 1, MoneyReason::kSecondPayment, Money{1, Currency("EUR")}, payment},
               place_);
  }
  void go_back(const char* payment) {
    orders_.on(MoneyReturned{kSale, kHold, 1, payment_identity(payment), payment}, place_);
  }
  RefundState refund() { return orders_.page(kSale, {}, 0, 1).orders.at(0).refund; }

  platform::TraceIndex traces_;
  EventPlace place_{CellId{0}, Sequence(1), Timestamp(), traces_};
  Orders orders_;
};

TEST_F(OrderOfTwoPayments, has_a_refund_due_until_all_of_them_are_back) {
  come("pay_1");
  come("pay_2");
  go_back("pay_2");
  EXPECT_EQ(refund(), RefundState::kDue);
  go_back("pay_1");
  EXPECT_EQ(refund(), RefundState::kDone);
}

TEST_F(OrderOfTwoPayments, is_nobodys_if_no_payment_was_started) {
  orders_.on(MoneyUnexpected{kSale, {9, 9}, 1, MoneyReason::kNothingIsLeft, Money{}, "pay_1"}, place_);
  orders_.on(MoneyReturned{SaleNumber(1), kHold, 1, 1, "pay_1"}, place_);
  EXPECT_EQ(orders_.count(kSale), 1U);
  EXPECT_EQ(orders_.count(SaleNumber(1)), 0U);
}

}  // namespace
}  // namespace doorbuster::sale
