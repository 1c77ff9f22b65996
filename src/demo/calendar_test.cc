#include "demo/calendar.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace doorbuster::demo {
namespace {

using std::chrono::milliseconds;
using SteadyClock = std::chrono::steady_clock;

TEST(Calendar, gives_whoever_is_due_the_earliest_first) {
  Calendar calendar;
  const auto now = SteadyClock::now();
  calendar.add(now - milliseconds(1), 1);
  calendar.add(now - milliseconds(3), 3);
  calendar.add(now - milliseconds(2), 2);
  for (const uint32_t person : {3U, 2U, 1U}) {
    EXPECT_EQ(calendar.take(), person);
    calendar.done();
  }
  EXPECT_EQ(calendar.take(), std::nullopt);
}

TEST(Calendar, waits_until_the_time_has_come) {
  Calendar calendar;
  const auto due = SteadyClock::now() + milliseconds(30);
  calendar.add(due, 7);
  EXPECT_EQ(calendar.take(), 7U);
  EXPECT_GE(SteadyClock::now(), due);
}

TEST(Calendar, is_not_over_while_somebody_who_was_taken_may_come_back) {
  Calendar calendar;
  calendar.add(SteadyClock::now(), 1);
  ASSERT_EQ(calendar.take(), 1U);
  std::thread other([&] { EXPECT_EQ(calendar.take(), 1U); });
  std::this_thread::sleep_for(milliseconds(20));
  calendar.again(SteadyClock::now(), 1);
  other.join();
  EXPECT_EQ(calendar.people(), 1U);
  calendar.done();
  EXPECT_EQ(calendar.take(), std::nullopt);
}

TEST(Calendar, lets_everybody_go_when_it_is_stopped) {
  Calendar calendar;
  calendar.add(SteadyClock::now() + std::chrono::hours(1), 1);
  std::atomic<int> left = 0;
  std::vector<std::thread> workers;
  for (int i = 0; i < 3; ++i) workers.emplace_back([&] { left += calendar.take() ? 0 : 1; });
  calendar.stop();
  for (std::thread& worker : workers) worker.join();
  EXPECT_EQ(left, 3);
}

}  // namespace
}  // namespace doorbuster::demo
