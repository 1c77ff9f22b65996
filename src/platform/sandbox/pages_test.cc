#include "platform/sandbox/pages.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace doorbuster::platform {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string shown(int64_t amount, std::string_view code) {
  return money_for_people({.amount = amount, .currency = Currency(code)});
}

TEST(SandboxPages, show_money_with_its_currencys_digits) {
  EXPECT_EQ(shown(49'900, "USD"), "USD 499.00");
  EXPECT_EQ(shown(5, "EUR"), "EUR 0.05");
  EXPECT_EQ(shown(0, "EUR"), "EUR 0.00");
  EXPECT_EQ(shown(500, "JPY"), "JPY 500");
  EXPECT_EQ(shown(1'234, "KWD"), "KWD 1.234");
}

TEST(SandboxPages, never_show_foreign_text_as_markup) {
  SandboxPayment payment;
  payment.id = "pay_1";
  payment.start = {.order = "<o>",
                   .price = {.amount = 1, .currency = Currency("USD")},
                   .description = "<script>'\"&",
                   .return_url = {},
                   .idempotency_key = {}};
  for (const std::string& html : {pay_page(payment, {}, {}), front_page({&payment}, {})}) {
    EXPECT_THAT(html, Not(HasSubstr("<script>")));
    EXPECT_THAT(html, Not(HasSubstr("<o>")));
  }
}

TEST(SandboxPages, a_decided_payment_has_no_buttons) {
  SandboxPayment payment;
  payment.decided = PaymentState::kSucceeded;
  EXPECT_THAT(pay_page(payment, {}, {}), Not(HasSubstr("<button")));
  EXPECT_THAT(pay_page(payment, {}, {}), HasSubstr("it is succeeded"));
}

}  // namespace
}  // namespace doorbuster::platform
