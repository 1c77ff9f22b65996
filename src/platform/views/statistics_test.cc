#include "platform/views/statistics.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

namespace doorbuster::platform {
namespace {

TEST(ChiSquare, has_the_chances_of_the_tables) {
  EXPECT_NEAR(chi_square_p(3.841459, 1), 0.05, 1e-6);
  EXPECT_NEAR(chi_square_p(18.307038, 10), 0.05, 1e-6);
  EXPECT_NEAR(chi_square_p(103.009509, 81), 0.05, 1e-6);
  EXPECT_NEAR(chi_square_p(113.512410, 81), 0.01, 1e-6);
  EXPECT_NEAR(chi_square_p(80.334, 81), 0.5, 1e-3) << "the median";
}

TEST(ChiSquare, is_exact_where_it_has_a_closed_form) {
  for (const double x : {0.001, 0.5, 1.0, 2.0, 3.9, 4.1, 10.0, 100.0, 700.0}) {
    EXPECT_NEAR(chi_square_p(x, 2) / std::exp(-x / 2), 1, 1e-10) << x;
    EXPECT_NEAR(chi_square_p(x, 4) / (std::exp(-x / 2) * (1 + x / 2)), 1, 1e-10) << x;
    EXPECT_NEAR(chi_square_p(x, 1) / std::erfc(std::sqrt(x / 2)), 1, 1e-10) << x;
  }
}

TEST(ChiSquare, is_certain_of_nothing_and_never_outside_of_0_and_1) {
  EXPECT_EQ(chi_square_p(0, 5), 1);
  EXPECT_EQ(chi_square_p(1e9, 5), 0);
  EXPECT_LE(chi_square_p(1e-300, 81), 1);
}

TEST(Jain, is_1_for_equal_shares_and_1_by_n_for_one_that_has_all) {
  EXPECT_DOUBLE_EQ(jain_index(std::array{0.2, 0.2, 0.2}).value(), 1);
  EXPECT_DOUBLE_EQ(jain_index(std::array{0.0, 7.0, 0.0, 0.0}).value(), 0.25);
  EXPECT_DOUBLE_EQ(jain_index(std::array{1.0, 3.0}).value(), 0.8);
  EXPECT_EQ(jain_index(std::array{0.0, 0.0}), std::nullopt);
  EXPECT_EQ(jain_index({}), std::nullopt);
}

KendallTau noted(std::initializer_list<uint32_t> numbers) {
  KendallTau tau;
  for (const uint32_t number : numbers) tau.note(number);
  return tau;
}

TEST(Kendall, is_1_in_order_and_minus_1_the_other_way_round) {
  EXPECT_EQ(noted({1, 2, 5, 9}).value(), 1);
  EXPECT_EQ(noted({9, 5, 2, 1}).value(), -1);
  EXPECT_EQ(noted({7}).value(), std::nullopt);
  EXPECT_EQ(noted({}).value(), std::nullopt);
}

TEST(Kendall, counts_each_pair_that_is_out_of_order) {
  EXPECT_EQ(noted({1, 3, 2, 4}).discordant(), 1U);
  EXPECT_DOUBLE_EQ(noted({1, 3, 2, 4}).value().value(), 1 - 2.0 / 6);
  EXPECT_EQ(noted({2, 3, 4, 1}).discordant(), 3U);
}

TEST(Kendall, stays_bounded_and_right_for_a_long_line) {
  KendallTau tau;
  for (uint32_t i = 1; i <= 3 * KendallTau::kRemembered; ++i) tau.note(i);
  EXPECT_EQ(tau.value(), 1);
  tau.note(3 * KendallTau::kRemembered - 1);
  EXPECT_EQ(tau.discordant(), 1U);
}

}  // namespace
}  // namespace doorbuster::platform
