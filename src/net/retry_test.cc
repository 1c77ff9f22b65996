#include "net/retry.h"

#include <gtest/gtest.h>

namespace doorbuster::net {
namespace {

constexpr RetryPolicy kPolicy{.attempts_max = 4, .first = Duration::millis(200), .longest = Duration::seconds(5)};
const Timestamp kNow = Timestamp::from_micros(1'000'000'000);

TEST(RetryPolicy, the_pause_doubles_up_to_the_longest) {
  EXPECT_EQ(kPolicy.pause(1, 0), Duration::millis(200));
  EXPECT_EQ(kPolicy.pause(2, 0), Duration::millis(400));
  EXPECT_EQ(kPolicy.pause(5, 0), Duration::millis(3'200));
  EXPECT_EQ(kPolicy.pause(6, 0), Duration::seconds(5));
  EXPECT_EQ(kPolicy.pause(UINT32_MAX, 0), Duration::seconds(5));
}

TEST(RetryPolicy, up_to_half_of_the_pause_is_cut_at_random) {
  Duration shortest = kPolicy.pause(1, 0);
  for (uint64_t random = 0; random < 200'000; random += 37) shortest = std::min(shortest, kPolicy.pause(1, random));
  EXPECT_GE(shortest, Duration::millis(100));
  EXPECT_LT(shortest, Duration::millis(101));
}

TEST(RetryPolicy, what_the_peer_asks_for_is_honoured_up_to_the_longest) {
  EXPECT_EQ(kPolicy.pause(1, 0, Duration::seconds(3)), Duration::seconds(3));
  EXPECT_EQ(kPolicy.pause(1, 0, Duration::seconds(3'600)), Duration::seconds(5));
  EXPECT_EQ(kPolicy.pause(1, 0, Duration::millis(1)), Duration::millis(200));
}

TEST(RetryPolicy, the_attempts_are_counted) {
  EXPECT_TRUE(kPolicy.may_retry(3));
  EXPECT_FALSE(kPolicy.may_retry(4));
}

class CircuitBreakerTest : public ::testing::Test {
 protected:
  CircuitBreaker breaker_{{.failures_to_open = 3, .open_time = Duration::seconds(5)}};

  void fail(int times) {
    for (int i = 0; i < times; ++i) breaker_.failed(kNow);
  }
};

TEST_F(CircuitBreakerTest, opens_after_failures_in_a_row_only) {
  fail(2);
  breaker_.succeeded();
  fail(2);
  EXPECT_TRUE(breaker_.allow(kNow));
  fail(1);
  EXPECT_FALSE(breaker_.allow(kNow));
  EXPECT_FALSE(breaker_.allow(kNow + Duration::micros(4'999'999)));
}

TEST_F(CircuitBreakerTest, lets_one_trial_through_and_closes_on_success) {
  fail(3);
  const Timestamp later = kNow + Duration::seconds(5);
  EXPECT_TRUE(breaker_.allow(later));
  EXPECT_FALSE(breaker_.allow(later));
  breaker_.succeeded();
  EXPECT_TRUE(breaker_.allow(later));
  EXPECT_EQ(breaker_.state(), CircuitBreaker::State::kClosed);
}

TEST_F(CircuitBreakerTest, a_failed_trial_opens_it_again) {
  fail(3);
  const Timestamp later = kNow + Duration::seconds(5);
  EXPECT_TRUE(breaker_.allow(later));
  breaker_.failed(later);
  EXPECT_FALSE(breaker_.allow(later + Duration::micros(4'999'999)));
  EXPECT_TRUE(breaker_.allow(later + Duration::seconds(5)));
}

}  // namespace
}  // namespace doorbuster::net
