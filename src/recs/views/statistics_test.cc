#include "recs/views/statistics.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "base/prng.h"

namespace doorbuster::recs {
namespace {

double uniform_of(Prng& random) { return static_cast<double>(random.next() >> 11) * 0x1p-53; }

TEST(Statistics, have_wilsons_interval) {
  const auto of_hundred = wilson(10, 100);
  ASSERT_TRUE(of_hundred);
  EXPECT_DOUBLE_EQ(of_hundred->value, 0.1);
  EXPECT_NEAR(of_hundred->low, 0.05522914, 1e-7);
  EXPECT_NEAR(of_hundred->high, 0.17436566, 1e-7);
  EXPECT_EQ(wilson(0, 20)->low, 0);
  EXPECT_NEAR(wilson(0, 20)->high, 0.16112516, 1e-7);
  EXPECT_EQ(wilson(20, 20)->high, 1);
  EXPECT_FALSE(wilson(0, 0));
}

TEST(Statistics, know_how_likely_a_chi_square_is) {
  EXPECT_NEAR(chi_square_tail(3.841458820694124, 1), 0.05, 1e-9);
  EXPECT_NEAR(chi_square_tail(5.991464547107979, 2), 0.05, 1e-9);
  EXPECT_NEAR(chi_square_tail(24.995790139728616, 15), 0.05, 1e-9);
  EXPECT_NEAR(chi_square_tail(0.01, 1), 0.920344325, 1e-8);
  EXPECT_EQ(chi_square_tail(0, 3), 1);
}

// 821,588 and 815,482 visitors of an even split, the example of Fabijan et al. (2019).
TEST(Statistics, see_a_split_that_is_not_as_it_should_be) {
  constexpr std::array<double, 2> kEven = {0.5, 0.5};
  EXPECT_LT(goodness_of_fit(std::array<uint64_t, 2>{821'588, 815'482}, kEven).value(), 1e-5);
  EXPECT_GT(goodness_of_fit(std::array<uint64_t, 2>{50'100, 49'900}, kEven).value(), 0.5);
  EXPECT_NEAR(goodness_of_fit(std::array<uint64_t, 2>{60, 40}, kEven).value(), 0.04550026, 1e-7);
  EXPECT_FALSE(goodness_of_fit(std::array<uint64_t, 2>{0, 0}, kEven));
}

TEST(Statistics, test_two_shares_as_it_was_worked_out_by_hand) {
  const auto tested = mixture_sprt({.hits_a = 30, .of_a = 1'000, .hits_b = 60, .of_b = 1'000}, 0.01, 0.05);
  ASSERT_TRUE(tested);
  EXPECT_NEAR(tested->p_value, 0.0862924965, 1e-7);
  EXPECT_NEAR(tested->difference.value, 0.03, 1e-12);
  EXPECT_LT(tested->difference.low, 0) << "the interval says what the p-value says";
  EXPECT_FALSE(mixture_sprt({.hits_a = 0, .of_a = 10, .hits_b = 3, .of_b = 10}, 0.01, 0.05));
}

// The interval has no difference in it just when the p-value is below the significance.
TEST(Statistics, agree_in_interval_and_p_value) {
  for (uint64_t hits = 30; hits < 90; ++hits) {
    const auto tested = mixture_sprt({.hits_a = 30, .of_a = 1'000, .hits_b = hits, .of_b = 1'000}, 0.01, 0.05);
    EXPECT_EQ(tested->p_value < 0.05, tested->difference.low > 0) << hits;
    const auto wins = beta_binomial_sprt(30, hits, 0.05);
    EXPECT_EQ(wins->p_value < 0.05, wins->difference.low > 0) << hits;
  }
}

TEST(Statistics, test_preferences_as_it_was_worked_out_by_hand) {
  const auto tested = beta_binomial_sprt(5, 15, 0.05);
  ASSERT_TRUE(tested);
  EXPECT_NEAR(tested->p_value, 0.3105010986, 1e-7);
  EXPECT_NEAR(tested->difference.value, 0.25, 1e-12);
  EXPECT_EQ(beta_binomial_sprt(10, 10, 0.05)->p_value, 1);
  EXPECT_LT(beta_binomial_sprt(0, 12, 0.05)->p_value, 0.01);
  EXPECT_FALSE(beta_binomial_sprt(0, 0, 0.05));
}

// Whoever looks a hundred times at two variants that are the same is told of a difference in few of a hundred cases; a
// test that was made for one look tells of one in far more.
TEST(Statistics, hold_however_often_one_looks) {
  constexpr int kExperiments = 400;
  int told = 0;
  int told_by_one_look = 0;
  for (uint64_t seed = 0; seed < kExperiments; ++seed) {
    Prng random(seed);
    Shares shares;
    bool is_told = false;
    bool is_told_by_one_look = false;
    for (int look = 0; look < 100; ++look) {
      for (int visitor = 0; visitor < 100; ++visitor) {
        shares.of_a += 1;
        shares.of_b += 1;
        shares.hits_a += uniform_of(random) < 0.1 ? 1 : 0;
        shares.hits_b += uniform_of(random) < 0.1 ? 1 : 0;
      }
      if (shares.hits_a < 10 || shares.hits_b < 10) continue;
      const auto tested = mixture_sprt(shares, 0.01, 0.05);
      is_told = is_told || tested->p_value < 0.05;
      const double a = static_cast<double>(shares.hits_a) / static_cast<double>(shares.of_a);
      const double b = static_cast<double>(shares.hits_b) / static_cast<double>(shares.of_b);
      const double deviation = std::sqrt((a * (1 - a) + b * (1 - b)) / static_cast<double>(shares.of_a));
      is_told_by_one_look = is_told_by_one_look || std::abs(b - a) > 1.96 * deviation;
    }
    told += is_told ? 1 : 0;
    told_by_one_look += is_told_by_one_look ? 1 : 0;
  }
  EXPECT_LE(told, kExperiments / 20);
  EXPECT_GE(told_by_one_look, kExperiments / 5);
}

TEST(Statistics, find_a_difference_that_is_there) {
  int found = 0;
  for (uint64_t seed = 0; seed < 50; ++seed) {
    Prng random(seed);
    Shares shares{.of_a = 20'000, .of_b = 20'000};
    for (int visitor = 0; visitor < 20'000; ++visitor) {
      shares.hits_a += uniform_of(random) < 0.10 ? 1 : 0;
      shares.hits_b += uniform_of(random) < 0.12 ? 1 : 0;
    }
    found += mixture_sprt(shares, 0.01, 0.05)->p_value < 0.05 ? 1 : 0;
  }
  EXPECT_GE(found, 48);
}

TEST(Statistics, say_how_many_a_test_needs) {
  EXPECT_EQ(sample_needed(0.03, 0.1), 53'211U);
  EXPECT_FALSE(sample_needed(0, 0.1));
  EXPECT_FALSE(sample_needed(0.95, 0.1));
}

// Four impressions: weights 2, 2, 4 and 0; the first and the third are clicked.
//   IPS    (2 + 4) / 4 = 1.5, variance (4 + 16) / 4 - 1.5^2 = 2.75, error sqrt(2.75 / 4)
//   SNIPS  6 / 8 = 0.75, error sqrt(4 * 0.25^2 + 4 * 0.75^2 + 16 * 0.25^2) / 8
//   effective sample size 8^2 / (4 + 4 + 16)
TEST(Statistics, estimate_another_policy_as_it_was_worked_out_by_hand) {
  PolicySums sums;
  for (const double weight : {2.0, 2.0, 4.0, 0.0}) sums.add_impression(weight);
  for (const double weight : {2.0, 4.0}) sums.add_click(weight);
  EXPECT_DOUBLE_EQ(ips(sums, 4)->value, 1.5);
  EXPECT_DOUBLE_EQ(ips(sums, 4)->standard_error, std::sqrt(2.75 / 4));
  EXPECT_DOUBLE_EQ(snips(sums)->value, 0.75);
  EXPECT_DOUBLE_EQ(snips(sums)->standard_error, std::sqrt(0.25 + 2.25 + 1.0) / 8);
  EXPECT_DOUBLE_EQ(effective_sample_size(sums), 64.0 / 24);
  EXPECT_FALSE(ips({}, 0));
  EXPECT_FALSE(snips({}));
}

}  // namespace
}  // namespace doorbuster::recs
