#include "base/server_clock.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace doorbuster {
namespace {

const Timestamp kStart = parse_rfc3339("2026-11-27T10:00:00Z").value();

class TestWall final : public Clock {
 public:
  [[nodiscard]] Timestamp now() const override { return at; }
  Timestamp at = kStart;
};

class TestSteady final : public SteadySource {
 public:
  [[nodiscard]] Duration elapsed() const override { return at; }
  Duration at = Duration::seconds(1'000);
};

class ServerClockTest : public ::testing::Test {
 protected:
  // Time passes, and somebody asks for it now and then, as a server does.
  void pass(Duration time, Duration between_looks = Duration::millis(100)) {
    for (Duration done; done < time; done = done + between_looks) {
      steady_.at = steady_.at + between_looks;
      wall_.at = wall_.at + between_looks;
      const Timestamp now = clock_.now();
      EXPECT_GE(now, last_);
      last_ = now;
    }
  }
  [[nodiscard]] Duration since_start() const { return clock_.now() - kStart; }

  TestWall wall_;
  TestSteady steady_;
  std::vector<ServerClock::State> jumps_;
  ServerClock clock_{wall_, steady_, [this](const ServerClock::State& state) { jumps_.push_back(state); }};
  Timestamp last_;
};

TEST_F(ServerClockTest, goes_with_a_wall_clock_that_is_right) {
  EXPECT_EQ(clock_.now(), kStart);
  pass(Duration::seconds(600));
  EXPECT_EQ(since_start(), Duration::seconds(600));
  EXPECT_TRUE(jumps_.empty());
}

TEST_F(ServerClockTest, a_clock_that_is_an_hour_ahead_for_two_seconds_brings_a_tenth_of_one) {
  wall_.at = wall_.at + Duration::seconds(3'600);
  pass(Duration::seconds(2));
  wall_.at = wall_.at - Duration::seconds(3'600);
  EXPECT_LE(since_start(), Duration::millis(2'100));
  EXPECT_GE(since_start(), Duration::seconds(2));
  pass(Duration::seconds(30));
  EXPECT_LT(clock_.now() - wall_.at, Duration::millis(1));
  ASSERT_EQ(jumps_.size(), 2U);
  EXPECT_TRUE(jumps_[0].is_apart());
  EXPECT_LT(jumps_[0].ahead, Duration::seconds(-3'599));
  EXPECT_FALSE(jumps_[1].is_apart());
  EXPECT_EQ(clock_.state().jumps, 1U);
}

TEST_F(ServerClockTest, no_length_is_wrong_by_more_than_a_twentieth_whatever_is_set) {
  for (const int64_t seconds : {3'600, -7'200, 30, -30, 86'400}) {
    wall_.at = wall_.at + Duration::seconds(seconds);
    const Timestamp before = clock_.now();
    pass(Duration::seconds(300));
    const Duration length = clock_.now() - before;
    EXPECT_LE(length, Duration::seconds(315)) << seconds;
    EXPECT_GE(length, Duration::seconds(285)) << seconds;
  }
}

TEST_F(ServerClockTest, follows_a_clock_that_was_set_for_good) {
  wall_.at = wall_.at + Duration::seconds(10);
  pass(Duration::seconds(200));
  EXPECT_FALSE(clock_.state().is_apart());
  pass(Duration::seconds(200));
  EXPECT_LT(wall_.at - clock_.now(), Duration::millis(1));
  wall_.at = wall_.at - Duration::seconds(10);
  pass(Duration::seconds(400));
  EXPECT_LT(clock_.now() - wall_.at, Duration::millis(1));
  EXPECT_EQ(clock_.state().jumps, 2U);
}

TEST_F(ServerClockTest, a_process_that_was_stopped_for_an_hour_has_missed_nothing_and_overshoots_nothing) {
  wall_.at = wall_.at + Duration::millis(500);
  pass(Duration::millis(100));
  pass(Duration::seconds(3'600), Duration::seconds(3'600));
  EXPECT_LE(clock_.now(), wall_.at);
  EXPECT_LT(wall_.at - clock_.now(), Duration::seconds(1));
}

TEST_F(ServerClockTest, begins_where_the_log_has_been_and_says_so) {
  clock_.not_before(kStart - Duration::seconds(60));
  EXPECT_EQ(clock_.now(), kStart);
  clock_.not_before(kStart + Duration::seconds(3'600));
  EXPECT_EQ(clock_.now(), kStart + Duration::seconds(3'600));
  ASSERT_EQ(jumps_.size(), 1U);
  EXPECT_EQ(jumps_[0].ahead, Duration::seconds(3'600));
  const Timestamp before = clock_.now();
  pass(Duration::seconds(3));
  EXPECT_GE(clock_.now() - before, Duration::millis(2'850));  // it does not stand still until then
  EXPECT_LE(clock_.now() - before, Duration::seconds(3));
}

TEST(ServerClockThreads, see_one_time) {
  const SystemClock wall;
  const MachineSteady steady;
  const ServerClock clock(wall, steady);
  const auto ask = [&] {
    Timestamp last;
    for (int i = 0; i < 200'000; ++i) {
      const Timestamp now = clock.now();
      EXPECT_GE(now + Duration::micros(100), last);
      last = now;
    }
  };
  std::thread one(ask);
  std::thread two(ask);
  one.join();
  two.join();
  EXPECT_LT(wall.now() - clock.now(), Duration::seconds(1));
}

}  // namespace
}  // namespace doorbuster
