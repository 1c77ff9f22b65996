#include "base/timer_wheel.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <vector>

#include "base/prng.h"
#include "base/testing/address_space.h"

namespace doorbuster {
namespace {

constexpr int64_t kDayMicros = int64_t{24} * 3600 * 1'000'000;

Timestamp at(int64_t micros) { return Timestamp::from_micros(micros); }

std::vector<uint32_t> fired_by(TimerWheel& wheel, Timestamp now) {
  std::vector<uint32_t> fired;
  EXPECT_TRUE(wheel.advance(now, SIZE_MAX, [&](uint32_t timer) { fired.push_back(timer); }));
  return fired;
}

using Fired = std::vector<uint32_t>;

TEST(TimerWheel, fires_at_the_next_whole_millisecond_and_never_before_the_deadline) {
  TimerWheel wheel(2);
  wheel.start(at(0));
  wheel.arm(0, at(1'500));
  EXPECT_EQ(fired_by(wheel, at(1'500)), Fired());
  EXPECT_EQ(fired_by(wheel, at(1'999)), Fired());
  EXPECT_EQ(fired_by(wheel, at(2'000)), Fired({0}));
  EXPECT_FALSE(wheel.armed(0));
}

TEST(TimerWheel, fires_a_deadline_that_has_passed_in_the_next_advance) {
  TimerWheel wheel(1);
  wheel.start(at(5 * kDayMicros));
  EXPECT_EQ(fired_by(wheel, at(5 * kDayMicros)), Fired());
  wheel.arm(0, at(1));
  EXPECT_EQ(fired_by(wheel, at(5 * kDayMicros + 1'000)), Fired({0}));
}

TEST(TimerWheel, fires_in_the_order_of_deadlines_after_a_jump_of_the_clock) {
  TimerWheel wheel(5);
  wheel.start(at(0));
  const int64_t deadlines[] = {40 * kDayMicros, 1'000, 3'600'000'000, 300'000, 60 * kDayMicros};
  for (uint32_t timer = 0; timer < 5; ++timer) wheel.arm(timer, at(deadlines[timer]));
  EXPECT_EQ(fired_by(wheel, at(61 * kDayMicros)), Fired({1, 3, 2, 0, 4}));
}

TEST(TimerWheel, keeps_deadlines_of_years) {
  TimerWheel wheel(1);
  wheel.start(at(0));
  wheel.arm(0, at(1'000 * kDayMicros));
  for (int day = 1; day < 1'000; ++day) EXPECT_EQ(fired_by(wheel, at(day * kDayMicros)), Fired());
  EXPECT_EQ(fired_by(wheel, at(1'000 * kDayMicros)), Fired({0}));
}

TEST(TimerWheel, does_nothing_when_the_clock_goes_back) {
  TimerWheel wheel(1);
  wheel.start(at(kDayMicros));
  wheel.arm(0, at(kDayMicros + 5'000));
  EXPECT_EQ(fired_by(wheel, at(0)), Fired());
  EXPECT_EQ(fired_by(wheel, at(kDayMicros + 5'000)), Fired({0}));
}

TEST(TimerWheel, takes_memory_for_timers_that_are_armed_only) {
  const size_t before = address_space_bytes();
  TimerWheel wheel(2'000'000'000);
  wheel.start(at(0));
  for (const uint32_t timer : {0U, 1'000'000'000U, 1'999'999'999U}) wheel.arm(timer, at(1'000));
  wheel.disarm(500'000'000);
  EXPECT_FALSE(wheel.armed(600'000'000));
  EXPECT_LT(address_space_bytes() - before, size_t{16} << 20);
  EXPECT_EQ(fired_by(wheel, at(1'000)).size(), 3U);
}

TEST(TimerWheel, stops_at_its_limit_and_goes_on_where_it_stopped) {
  TimerWheel wheel(10);
  wheel.start(at(0));
  for (uint32_t timer = 0; timer < 10; ++timer) wheel.arm(timer, at(timer < 5 ? 7'000 : 700'000));
  std::set<uint32_t> fired;
  const auto take = [&](uint32_t timer) { EXPECT_TRUE(fired.insert(timer).second); };
  EXPECT_FALSE(wheel.advance(at(kDayMicros), 4, take));
  EXPECT_EQ(fired, std::set<uint32_t>({1, 2, 3, 4}));
  EXPECT_FALSE(wheel.advance(at(kDayMicros), 4, take));
  EXPECT_TRUE(wheel.advance(at(kDayMicros), 4, take));
  EXPECT_EQ(fired.size(), 10U);
}

TEST(TimerWheel, lets_a_timer_that_fires_arm_itself_and_disarm_others) {
  TimerWheel wheel(2);
  wheel.start(at(0));
  wheel.arm(0, at(1'000));
  wheel.arm(1, at(2'000));
  int calls = 0;
  EXPECT_TRUE(wheel.advance(at(10'000), 100, [&](uint32_t timer) {
    EXPECT_EQ(timer, 0U);
    wheel.disarm(1);
    if (++calls < 3) wheel.arm(0, at(4'000));
  }));
  EXPECT_EQ(calls, 3);
  EXPECT_EQ(wheel.armed_count(), 0U);
}

TEST(TimerWheel, needs_no_look_before_its_hint) {
  TimerWheel wheel(1);
  wheel.start(at(0));
  EXPECT_EQ(wheel.next_deadline_hint(), at(INT64_MAX));
  wheel.arm(0, at(200'300));
  EXPECT_EQ(wheel.next_deadline_hint(), at(201'000));
  wheel.arm(0, at(3'600'000'000));
  int looks = 0;
  while (wheel.armed_count() > 0) {
    ASSERT_LE(wheel.next_deadline_hint(), at(3'600'000'000));
    (void)fired_by(wheel, wheel.next_deadline_hint());
    ++looks;
  }
  EXPECT_LT(looks, 300);  // a wake-up now and then, not one a millisecond
}

// The same as a wheel, slowly: a sorted list.
class Model {
 public:
  void arm(uint32_t timer, int64_t deadline) {
    disarm(timer);
    by_deadline_.emplace(std::max((deadline + 999) / 1'000, next_tick_), timer);
  }
  void disarm(uint32_t timer) {
    std::erase_if(by_deadline_, [&](const auto& armed) { return armed.second == timer; });
  }
  std::multiset<std::pair<int64_t, uint32_t>> advance(int64_t now) {
    std::multiset<std::pair<int64_t, uint32_t>> due;
    while (!by_deadline_.empty() && by_deadline_.begin()->first <= now / 1'000) {
      due.insert(*by_deadline_.begin());
      by_deadline_.erase(by_deadline_.begin());
    }
    next_tick_ = std::max(next_tick_, now / 1'000 + 1);
    return due;
  }
  [[nodiscard]] size_t size() const { return by_deadline_.size(); }
  [[nodiscard]] int64_t first() const { return by_deadline_.empty() ? INT64_MAX : by_deadline_.begin()->first * 1'000; }

 private:
  std::multimap<int64_t, uint32_t> by_deadline_;
  int64_t next_tick_ = 0;
};

int64_t some_span(Prng& random) {
  static constexpr int64_t kSpans[] = {900, 300'000, 70'000'000, 20'000'000'000, 5'000'000'000'000, 9'000'000'000'000};
  return static_cast<int64_t>(random.below(static_cast<uint64_t>(kSpans[random.below(std::size(kSpans))])));
}

void compare_with_the_model(uint64_t seed) {
  SCOPED_TRACE("seed " + std::to_string(seed));
  constexpr uint32_t kTimers = 24;
  Prng random(seed);
  TimerWheel wheel(kTimers);
  Model model;
  int64_t now = 0;
  wheel.start(at(now));
  for (int step = 0; step < 400; ++step) {
    const auto timer = static_cast<uint32_t>(random.below(kTimers));
    const uint64_t what = random.below(10);
    if (what < 5) {
      const int64_t deadline = random.chance(8) ? now / 2 : now + some_span(random);
      wheel.arm(timer, at(deadline));
      model.arm(timer, deadline);
    } else if (what < 6) {
      wheel.disarm(timer);
      model.disarm(timer);
    } else {
      now += some_span(random) / (random.chance(2) ? 1 : 1'000);
      const auto expected = model.advance(now);
      const auto fired = fired_by(wheel, at(now));
      ASSERT_EQ(std::multiset<uint32_t>(fired.begin(), fired.end()), [&] {
        std::multiset<uint32_t> timers;
        for (const auto& due : expected) timers.insert(due.second);
        return timers;
      }());
    }
    ASSERT_EQ(wheel.armed_count(), model.size());
    ASSERT_LE(wheel.next_deadline_hint().micros(), model.first());
  }
}

TEST(TimerWheel, does_what_a_sorted_list_would_do) {
  for (uint64_t seed = 1; seed <= 150; ++seed) compare_with_the_model(seed);
}

}  // namespace
}  // namespace doorbuster
