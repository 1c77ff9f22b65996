#include "net/retry.h"

#include <gtest/gtest.h>

namespace doorbuster::net {
namespace {

constexpr RetryPolicy kPolicy{.attempts_max = 4, .first = Duration::millis(200), .longest = Duration::seconds(5)};
const Timestamp kNow = Timestamp::from_micros(1'000'000'000);

TEST(RetryPolicy, ThePauseDoublesUpToTheLongest) {
  EXPECT_EQ(kPolicy.pause(1, 0), Duration::millis(200));
  EXPECT_EQ(kPolicy.pause(2, 0), Duration::millis(400));
  EXPECT_EQ(kPolicy.pause(5, 0), Duration::millis(3'200));
  EXPECT_EQ(kPolicy.pause(6, 0), Duration::seconds(5));
  EXPECT_EQ(kPolicy.pause(UINT32_MAX, 0), Duration::seconds(5));
}

TEST(RetryPolicy, UpToHalfOfThePauseIsCutAtRandom) {
  Duration shortest = kPolicy.pause(1, 0);
  for (uint64_t random = 0; random < 200'000; random += 37) shortest = std::min(shortest, kPolicy.pause(1, random));
  EXPECT_GE(shortest, Duration::millis(100));
  EXPECT_LT(shortest, Duration::millis(101));
}

TEST(RetryPolicy, WhatThePeerAsksForIsHonouredUpToTheLongest) {
  EXPECT_EQ(kPolicy.pause(1, 0, Duration::seconds(3)), Duration::seconds(3));
  EXPECT_EQ(kPolicy.pause(1, 0, Duration::seconds(3'600)), Duration::seconds(5));
  EXPECT_EQ(kPolicy.pause(1, 0, Duration::millis(1)), Duration::millis(200));
}

TEST(RetryPolicy, TheAttemptsAreCounted) {
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

TEST_F(CircuitBreakerTest, OpensAfterFailuresInARowOnly) {
  fail(2);
  breaker_.succeeded();
  fail(2);
  EXPECT_TRUE(breaker_.allow(kNow));
  fail(1);
  EXPECT_FALSE(breaker_.allow(kNow));
  EXPECT_FALSE(breaker_.allow(kNow + Duration::micros(4'999'999)));
}

TEST_F(CircuitBreakerTest, LetsOneTrialThroughAndClosesOnSuccess) {
  fail(3);
  const Timestamp later = kNow + Duration::seconds(5);
  EXPECT_TRUE(breaker_.allow(later));
  EXPECT_FALSE(breaker_.allow(later));
  breaker_.succeeded();
  EXPECT_TRUE(breaker_.allow(later));
  EXPECT_EQ(breaker_.state(), CircuitBreaker::State::kClosed);
}

TEST_F(CircuitBreakerTest, AFailedTrialOpensItAgain) {
  fail(3);
  const Timestamp later = kNow + Duration::seconds(5);
  EXPECT_TRUE(breaker_.allow(later));
  breaker_.failed(later);
  EXPECT_FALSE(breaker_.allow(later + Duration::micros(4'999'999)));
  EXPECT_TRUE(breaker_.allow(later + Duration::seconds(5)));
}

}  // namespace
}  // namespace doorbuster::net
