#include "sale/api/report_token.h"

#include <gtest/gtest.h>

#include <array>

namespace doorbuster::sale {
namespace {

std::array<std::byte, 32> key(uint8_t fill) {
  std::array<std::byte, 32> bytes{};
  bytes.fill(std::byte{fill});
  return bytes;
}

TEST(ReportTokens, fit_the_sale_that_they_were_issued_for_only) {
  const ReportTokens tokens(key(1));
  const std::string token = tokens.issue(SaleNumber{3});
  EXPECT_TRUE(tokens.fits(token, SaleNumber{3}));
  EXPECT_FALSE(tokens.fits(token, SaleNumber{4}));
  EXPECT_FALSE(ReportTokens(key(2)).fits(token, SaleNumber{3}));
  EXPECT_EQ(token.size(), 27U);
}

TEST(ReportTokens, are_as_the_format_says) {
  EXPECT_EQ(ReportTokens(key(0)).issue(SaleNumber{7}), "BwAAAPI1UWZ2tmJsMfxxpOQWtzs");
}

TEST(ReportTokens, do_not_fit_with_any_letter_changed_or_missing) {
  const ReportTokens tokens(key(1));
  const std::string token = tokens.issue(SaleNumber{3});
  for (size_t i = 0; i < token.size(); ++i) {
    std::string other = token;
    other[i] = other[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(tokens.fits(other, SaleNumber{3})) << i;
    EXPECT_FALSE(tokens.fits(token.substr(0, i), SaleNumber{3})) << i;
  }
}

}  // namespace
}  // namespace doorbuster::sale
