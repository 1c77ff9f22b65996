#include "sale/api/payment_name.h"

#include <gtest/gtest.h>

#include <vector>

namespace doorbuster::sale {
namespace {

class PaymentNames : public ::testing::Test {
 protected:
  auth::IdSealer ids_{std::vector<std::byte>(32)};
  const SaleNumber sale_{7};
  const HoldNumber hold_{3, 1};
  const std::string order_{auth::view(ids_.seal({auth::IdKind::kOrder, 7, hold_.packed()}))};
  const std::string own_{auth::view(ids_.seal({auth::IdKind::kPayment, 7, hold_.packed()}))};
};

TEST_F(PaymentNames, are_that_of_the_order_and_of_further_attempts_say_which) {
  EXPECT_EQ(name_of({sale_, hold_}, ids_), order_);
  EXPECT_EQ(name_of({sale_, hold_, 2}, ids_), order_ + "-2");
  EXPECT_EQ(name_of({sale_, hold_, 1, PaymentName::kOfItsOwn}, ids_), own_ + "-1");
}

TEST_F(PaymentNames, are_read_again) {
  for (const PaymentName named : {PaymentName::kByOrder, PaymentName::kOfItsOwn}) {
    for (uint8_t attempt = 1; attempt <= kMaxPaymentAttempts; ++attempt) {
      const PaymentOf payment{sale_, hold_, attempt, named};
      EXPECT_EQ(payment_named(name_of(payment, ids_), ids_), payment);
    }
  }
}

TEST_F(PaymentNames, that_we_never_gave_are_none) {
  for (const std::string& name : {std::string(), order_ + "-1", order_ + "-9", order_ + "-02", order_ + "-",
                                  order_ + "x", own_, own_ + "-0", own_ + "-9", order_.substr(1), std::string("-2")}) {
    EXPECT_FALSE(payment_named(name, ids_).has_value()) << name;
  }
}

}  // namespace
}  // namespace doorbuster::sale
