#include "recs/views/recent_counts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

namespace doorbuster::recs {
namespace {

using ::testing::ElementsAre;

constexpr Duration kHour = Duration::seconds(3'600);
const Timestamp kStart = Timestamp::from_micros(int64_t{1'795'780'800} * 1'000'000);  // 2026-11-28

std::vector<uint32_t> names(const RecentCounts& counts, Window window) {
  std::vector<uint32_t> items;
  for (const RecentCounts::Trend& trend : *counts.trending(window)) items.push_back(trend.item);
  return items;
}

TEST(RecentCountsTest, what_is_always_popular_does_not_trend_and_what_rises_does) {
  RecentCounts counts;
  for (int hour = 0; hour < 24 * 20; ++hour) {
    const Timestamp now = kStart + kHour * hour;
    counts.advance(now);
    counts.add(1, now, 100);
    if (hour % 24 == 0) counts.add(2, now, 1);
  }
  const Timestamp now = kStart + kHour * (24 * 20);
  counts.advance(now);
  counts.add(1, now, 90);
  counts.add(2, now, 30);
  counts.add(3, now, 5);
  EXPECT_THAT(names(counts, Window::kHour), ElementsAre(2, 3));
  counts.advance(now + kHour * 2);
  EXPECT_THAT(names(counts, Window::kHour), ElementsAre()) << "it is over";
  EXPECT_THAT(names(counts, Window::kDay), ElementsAre(2, 3));
}

TEST(RecentCountsTest, without_a_past_what_is_popular_trends) {
  RecentCounts counts;
  counts.advance(kStart);
  counts.add(1, kStart, 5);
  counts.add(2, kStart, 7);
  for (const Window window : {Window::kHour, Window::kDay, Window::kWeek})
    EXPECT_THAT(names(counts, window), ElementsAre(2, 1));
}

// Against counts of nothing but what is left, whatever was added, taken back and dropped meanwhile.
TEST(RecentCountsTest, is_what_one_would_be_that_never_saw_what_was_taken_back) {
  struct Added {
    uint32_t item;
    Timestamp at;
    uint64_t weight;
  };
  std::mt19937 random(7);  // NOLINT(cert-msc51-cpp): the same every time
  RecentCounts counts;
  std::vector<Added> left;
  Timestamp now = kStart;
  for (int round = 0; round < 5'000; ++round) {
    now = now + Duration::seconds(static_cast<int64_t>(random() % 1'200));
    counts.advance(now);
    const Added added{.item = static_cast<uint32_t>(random() % 20),
                      .at = now - kHour * static_cast<int64_t>(random() % (24 * 40)),
                      .weight = 1 + random() % 10};
    counts.add(added.item, added.at, added.weight);
    left.push_back(added);
    if (random() % 2 == 0) {
      std::swap(left[random() % left.size()], left.back());
      counts.remove(left.back().item, left.back().at, left.back().weight);
      left.pop_back();
    }
  }
  RecentCounts fresh;
  fresh.advance(now);
  for (const Added& each : left) fresh.add(each.item, each.at, each.weight);
  EXPECT_TRUE(counts.counts_as(fresh));
  for (RecentCounts* each : {&counts, &fresh}) each->add(21, now, 50);
  for (const Window window : {Window::kHour, Window::kDay, Window::kWeek}) {
    EXPECT_EQ(names(counts, window), names(fresh, window));
    EXPECT_EQ(names(counts, window).at(0), 21U);
  }
}

}  // namespace
}  // namespace doorbuster::recs
