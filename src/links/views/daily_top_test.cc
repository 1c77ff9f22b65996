#include "links/views/daily_top.h"

#include <gtest/gtest.h>

#include <map>

namespace doorbuster::links {
namespace {

Timestamp on_day(int64_t day) { return Timestamp::from_micros((day * 86'400 + 7) * 1'000'000); }

TEST(DailyTop, counts_each_day_by_itself_and_forgets_what_is_old) {
  DailyTop tops;
  for (int64_t day = 100; day < 150; ++day) {
    for (int i = 0; i < 3; ++i) tops.note("a", on_day(day));
    tops.note("b", on_day(day));
  }
  const auto days = tops.days();
  ASSERT_EQ(days.size(), DailyTop::kDaysMax);
  EXPECT_EQ(days[0].day, 149) << "the newest first";
  for (const DayTop& day : days) EXPECT_EQ(day.total, 4U);
  for (size_t i = 0; i < 2; ++i) {
    ASSERT_EQ(days[i].top.size(), 2U);
    EXPECT_EQ(days[i].top[0].text, "a");
    EXPECT_EQ(days[i].top[0].at_least, 3U);
    EXPECT_EQ(days[i].top[0].at_most, 3U);
  }
  EXPECT_TRUE(days[2].top.empty());
}

TEST(DailyTop, goes_on_with_the_newest_day_when_the_clock_goes_back) {
  DailyTop tops;
  tops.note("a", on_day(100));
  tops.note("a", on_day(99));
  ASSERT_EQ(tops.days().size(), 1U);
  EXPECT_EQ(tops.days()[0].total, 2U);
}

// Each part sees a share of the texts, and more of them than it has counters for.
TEST(DailyTop, keeps_its_bounds_when_parts_are_put_together) {
  DailyTop parts[2];
  std::map<std::string, uint64_t> truth;
  for (int i = 0; i < 40'000; ++i) {
    const int rank = i % 7 == 0 ? i % 3'000 : i % 20;
    const std::string text = "t" + std::to_string(rank);
    parts[static_cast<size_t>(i / 3 % 2)].note(text, on_day(1));
    ++truth[text];
  }
  const auto merged = DailyTop::merged({&parts[0], &parts[1]}, 10);
  ASSERT_EQ(merged.size(), 1U);
  EXPECT_EQ(merged[0].total, 40'000U);
  ASSERT_EQ(merged[0].top.size(), 10U);
  for (const DayTop::Entry& entry : merged[0].top) {
    EXPECT_LE(entry.at_least, truth[entry.text]) << entry.text;
    EXPECT_GE(entry.at_most, truth[entry.text]) << entry.text;
    EXPECT_GT(truth[entry.text], 1'000U) << "the frequent ones stand in front";
  }
}

}  // namespace
}  // namespace doorbuster::links
