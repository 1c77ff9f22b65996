#include "guard/rate_table.h"

#include <gtest/gtest.h>

#include <atomic>
#include <deque>
#include <map>
#include <thread>

#include "base/prng.h"

namespace doorbuster::guard {
namespace {

constexpr Timestamp kStart = Timestamp::from_micros(1'700'000'000'000'000);

Timestamp after(int64_t millis) { return kStart + Duration::millis(millis); }

class RateTableTest : public ::testing::Test {
 protected:
  RateDecision ask(uint64_t key, Rate rate, uint32_t weight, Timestamp now) {
    const Charge charge{.key = mixed64(key), .price = Price(rate, weight)};
    return table_.charge({&charge, 1}, now);
  }

  RateTable table_{10'000, kStart};
};

TEST_F(RateTableTest, lets_a_burst_pass_and_then_the_rate) {
  const Rate rate{.per_minute = 100, .burst = 3};
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(ask(1, rate, 1, kStart).passes());
  const RateDecision refused = ask(1, rate, 1, kStart);
  EXPECT_FALSE(refused.passes());
  EXPECT_EQ(refused.retry_after, Duration::millis(600));
  EXPECT_FALSE(ask(1, rate, 1, after(599)).passes());
  EXPECT_TRUE(ask(1, rate, 1, after(600)).passes());
  EXPECT_FALSE(ask(1, rate, 1, after(600)).passes());
  EXPECT_TRUE(ask(2, rate, 1, kStart).passes()) << "another key has its own";
}

TEST_F(RateTableTest, charges_what_a_request_weighs) {
  const Rate rate{.per_minute = 60, .burst = 30};
  EXPECT_TRUE(ask(1, rate, 20, kStart).passes());
  EXPECT_EQ(ask(1, rate, 20, kStart).retry_after, Duration::seconds(10));
  EXPECT_TRUE(ask(1, rate, 10, kStart).passes());
  EXPECT_FALSE(ask(1, rate, 1, kStart).passes());
  EXPECT_FALSE(ask(2, rate, 31, after(3'600'000)).passes()) << "more than a burst never passes";
}

TEST_F(RateTableTest, gives_back_what_was_charged_and_no_more) {
  const Charge charge{.key = mixed64(1), .price = Price({.per_minute = 60, .burst = 3}, 1)};
  const auto room = [&] {
    int passed = 0;
    while (table_.charge({&charge, 1}, kStart).passes()) ++passed;
    return passed;
  };
  EXPECT_EQ(room(), 3);
  table_.give_back(charge, kStart);
  EXPECT_EQ(room(), 1);
  for (int i = 0; i < 9; ++i) table_.give_back(charge, kStart);
  EXPECT_EQ(table_.used(charge, kStart), 0U);
  EXPECT_EQ(room(), 3) << "nobody has more than the burst";
  table_.give_back({.key = mixed64(2), .price = charge.price}, kStart);
  EXPECT_EQ(table_.used({.key = mixed64(2), .price = charge.price}, kStart), 0U) << "who has used nothing";
}

TEST_F(RateTableTest, charges_beyond_what_is_allowed_where_that_is_wanted) {
  const Charge charge{.key = mixed64(1), .price = Price({.per_minute = 60, .burst = 1}, 1)};
  for (int i = 0; i < 3; ++i) table_.charge_beyond({&charge, 1}, kStart);
  EXPECT_EQ(table_.charge({&charge, 1}, kStart).retry_after, Duration::seconds(3));
  EXPECT_TRUE(table_.charge({&charge, 1}, after(3'000)).passes());
}

TEST_F(RateTableTest, tells_whether_a_key_is_claimed) {
  EXPECT_FALSE(table_.is_claimed(mixed64(1), kStart));
  EXPECT_TRUE(table_.claim(mixed64(1), after(1'000), kStart));
  EXPECT_TRUE(table_.is_claimed(mixed64(1), after(999)));
  EXPECT_FALSE(table_.is_claimed(mixed64(1), after(1'000)));
  EXPECT_FALSE(table_.is_claimed(mixed64(2), kStart));
}

TEST_F(RateTableTest, charges_all_keys_or_none_and_says_which_refused) {
  const Charge mine{.key = mixed64(1), .price = Price({.per_minute = 60, .burst = 10}, 1)};
  const Charge all{.key = mixed64(2), .price = Price({.per_minute = 60, .burst = 2}, 1)};
  const Charge both[] = {mine, all};
  EXPECT_TRUE(table_.charge(both, kStart).passes());
  EXPECT_TRUE(table_.charge(both, kStart).passes());
  EXPECT_EQ(table_.charge(both, kStart).refused, 1U);
  for (int i = 0; i < 8; ++i) EXPECT_TRUE(table_.charge({&mine, 1}, kStart).passes()) << "it was charged in vain";
  EXPECT_EQ(table_.charge(both, kStart).refused, 0U);
}

TEST_F(RateTableTest, takes_a_clock_that_goes_back_or_stands_for_no_time) {
  const Rate rate{.per_minute = 60, .burst = 1};
  EXPECT_TRUE(ask(1, rate, 1, after(5'000)).passes());
  EXPECT_EQ(ask(1, rate, 1, after(4'000)).retry_after, Duration::seconds(2));
  EXPECT_FALSE(ask(1, rate, 1, kStart - Duration::seconds(60)).passes());
  EXPECT_TRUE(ask(2, rate, 1, kStart - Duration::seconds(60)).passes());
  EXPECT_TRUE(ask(1, rate, 1, after(6'000)).passes());
}

TEST_F(RateTableTest, holds_to_the_slowest_rate_and_the_longest_burst) {
  const Rate slow{.per_minute = 1, .burst = kMinutesADay};
  EXPECT_TRUE(ask(1, slow, kMinutesADay, kStart).passes());
  EXPECT_EQ(ask(1, slow, 1, kStart).retry_after, Duration::seconds(60));
  const Rate quick{.per_minute = kRateMax, .burst = 1};
  EXPECT_TRUE(ask(2, quick, 1, kStart).passes());
  EXPECT_EQ(ask(2, quick, 1, kStart).retry_after, Duration::micros(100));
}

// The definition, with what no table can do: every request that passed is kept. It passes if, for no beginning of an
// interval that ends now, more than the burst and what the rate gives for the interval has passed within.
class PlainLimiter {
 public:
  bool charge(uint64_t key, const Rate& rate, uint32_t weight, int64_t now_ms) {
    std::deque<std::pair<int64_t, uint32_t>>& passed = passed_[key];
    int64_t sum = weight;
    for (auto it = passed.rbegin(); it != passed.rend(); ++it) {
      sum += it->second;
      if ((sum - rate.burst) * 60'000 > (now_ms - it->first) * rate.per_minute) return false;
    }
    if (weight > rate.burst) return false;
    passed.emplace_back(now_ms, weight);
    return true;
  }

 private:
  std::map<uint64_t, std::deque<std::pair<int64_t, uint32_t>>> passed_;
};

TEST(RateTableModel, agrees_with_a_limiter_that_keeps_everything) {
  constexpr Rate kRates[] = {{60, 1}, {60, 20}, {600, 7}, {30, 3}, {1'200, 100}};  // whole milliseconds an interval
  for (uint64_t seed = 1; seed <= 40; ++seed) {
    Prng random(seed);
    RateTable table(10'000, kStart);
    PlainLimiter plain;
    int64_t now = 0;
    for (int i = 0; i < 3'000; ++i) {
      if (random.chance(3)) now += static_cast<int64_t>(random.below(random.chance(10) ? 60'000 : 400));
      const uint64_t key = random.below(20);
      const Rate rate = kRates[key % std::size(kRates)];
      const auto weight = static_cast<uint32_t>(1 + random.below(3));
      const Charge charge{.key = mixed64(key), .price = Price(rate, weight)};
      ASSERT_EQ(table.charge({&charge, 1}, after(now)).passes(), plain.charge(key, rate, weight, now))
          << "seed " << seed << ", request " << i;
    }
  }
}

TEST_F(RateTableTest, counts_and_forgets_evenly) {
  const Charge charge{.key = 7, .price = Price::counting(10, Duration::seconds(100))};
  EXPECT_EQ(table_.used(charge, kStart), 0U);
  for (uint64_t i = 1; i <= 11; ++i) {
    EXPECT_EQ(table_.count(charge, kStart), i);
    EXPECT_EQ(table_.used(charge, kStart), i);
  }
  EXPECT_FALSE(table_.charge({&charge, 1}, kStart).passes()) << "there is room for one more than the limit";
  EXPECT_EQ(table_.count(charge, kStart), 11U) << "and for no further one";
  EXPECT_EQ(table_.used(charge, kStart + Duration::seconds(30)), 8U);
  EXPECT_EQ(table_.count(charge, kStart + Duration::seconds(30)), 9U);
  EXPECT_EQ(table_.used(charge, kStart + Duration::seconds(120)), 0U);
}

TEST_F(RateTableTest, charges_less_where_the_rate_is_a_multiple) {
  const Price price(Rate{.per_minute = 60, .burst = 60}, 20);
  int passed = 0;
  const Charge charge{.key = 7, .price = price.times(5)};
  while (table_.charge({&charge, 1}, kStart).passes()) ++passed;
  EXPECT_EQ(passed, 15) << "three, five times";
  EXPECT_TRUE(Price().times(5).is_free());
  EXPECT_FALSE(price.times(UINT32_MAX).is_free());
}

TEST(RateTableUnderManyKeys, stays_within_its_memory_and_lets_no_key_have_more_than_its_rate) {
  RateTable table(10'000, kStart);
  const size_t bytes = table.bytes();
  const Rate rate{.per_minute = 60, .burst = 1};
  uint64_t refused_at_first = 0;
  for (uint64_t key = 0; key < 10'000'000; ++key) {
    const Charge charge{.key = mixed64(key), .price = Price(rate)};
    refused_at_first += table.charge({&charge, 1}, kStart).passes() ? 0 : 1;
  }
  EXPECT_EQ(table.bytes(), bytes);
  EXPECT_LE(bytes, 10'000 * 64);
  EXPECT_GT(table.forgotten(), 9'900'000U);
  EXPECT_LE(refused_at_first, 20U) << "taken for another key: one in two million";
}

TEST(RateTableUnderManyKeys, forgets_few_of_as_many_as_it_was_made_for) {
  RateTable table(100'000, kStart);
  const Rate rate{.per_minute = 60, .burst = 1};
  for (int round = 0; round < 2; ++round) {
    uint64_t passed = 0;
    for (uint64_t key = 0; key < 100'000; ++key) {
      const Charge charge{.key = mixed64(key), .price = Price(rate)};
      passed += table.charge({&charge, 1}, kStart).passes() ? 1 : 0;
    }
    EXPECT_NEAR(static_cast<double>(passed), round == 0 ? 100'000 : 0, 1'000);
  }
  EXPECT_LE(table.forgotten(), 2'000U);
}

TEST(RateTableOfManyThreads, gives_all_of_them_together_one_keys_burst_and_little_more) {
  RateTable table(1'000, kStart);
  constexpr int kThreads = 4;
  constexpr uint32_t kBurst = 1'000;
  std::atomic<uint32_t> passed{0};
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < kThreads; ++i) {
      threads.emplace_back([&] {
        const Charge charge{.key = mixed64(1), .price = Price({.per_minute = 60, .burst = kBurst})};
        for (uint32_t n = 0; n < kBurst; ++n) passed += table.charge({&charge, 1}, kStart).passes() ? 1 : 0;
      });
    }
  }
  EXPECT_GE(passed, kBurst);
  EXPECT_LE(passed, kBurst + kThreads * 10);
}

TEST(RateTableClaims, are_given_once_until_they_end) {
  RateTable table(1'000, kStart);
  EXPECT_TRUE(table.claim(mixed64(1), after(1'000), kStart));
  EXPECT_FALSE(table.claim(mixed64(1), after(1'000), kStart));
  EXPECT_FALSE(table.claim(mixed64(1), after(9'000), after(999)));
  EXPECT_TRUE(table.claim(mixed64(2), after(1'000), after(999)));
  EXPECT_TRUE(table.claim(mixed64(1), after(9'000), after(1'001)));
}

TEST(RateTableClaims, are_given_to_one_of_many_threads_at_most) {
  constexpr uint64_t kKeys = 20'000;
  RateTable table(10 * kKeys, kStart);
  std::atomic<uint64_t> given{0};
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&] {
        for (uint64_t key = 0; key < kKeys; ++key) given += table.claim(mixed64(key), after(1'000), kStart) ? 1 : 0;
      });
    }
  }
  EXPECT_LE(given, kKeys);
  EXPECT_GE(given, kKeys - kKeys / 100) << "two that meet may both get nothing, but seldom do";
  EXPECT_EQ(table.forgotten(), 0U);
}

}  // namespace
}  // namespace doorbuster::guard
