#include "base/money.h"

#include <gtest/gtest.h>

namespace doorbuster {
namespace {

TEST(Currency, is_three_capital_letters) {
  EXPECT_TRUE(Currency("USD").valid());
  EXPECT_EQ(Currency("JPY").code(), "JPY");
}

TEST(Currency, is_invalid_otherwise) {
  for (const auto* code : {"", "US", "USDT", "usd", "U5D", "US ", "\xC3\x84\x42"}) {
    EXPECT_FALSE(Currency(code).valid()) << code;
  }
  EXPECT_FALSE(Currency().valid());
}

TEST(Currency, has_the_digits_of_iso_4217_and_not_those_of_price_tags) {
  for (const auto* code : {"JPY", "KRW", "CLP", "XPF", "ISK"}) EXPECT_EQ(Currency(code).minor_digits(), 0U) << code;
  for (const auto* code : {"USD", "EUR", "HUF", "COP", "IDR", "PKR", "IRR", "TWD"})
    EXPECT_EQ(Currency(code).minor_digits(), 2U) << code;
  EXPECT_EQ(Currency("KWD").minor_digits(), 3U);
  EXPECT_EQ(Currency("CLF").minor_digits(), 4U);
  for (const auto* code : {"XTS", "XXX", "UDS", "usd", "", "US"})
    EXPECT_EQ(Currency(code).minor_digits(), std::nullopt) << code;
}

TEST(Money, is_equal_only_in_amount_and_currency) {
  const Money price{.amount = 49'900, .currency = Currency("USD")};
  EXPECT_EQ(price, (Money{.amount = 49'900, .currency = Currency("USD")}));
  EXPECT_NE(price, (Money{.amount = 49'901, .currency = Currency("USD")}));
  EXPECT_NE(price, (Money{.amount = 49'900, .currency = Currency("EUR")}));
}

}  // namespace
}  // namespace doorbuster
