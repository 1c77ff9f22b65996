#include "links/views/link_counts.h"

#include <gtest/gtest.h>

#include "links/views/click_counts_test_helpers.h"

namespace doorbuster::links {
namespace {

TEST(LinkCounts, have_clicks_of_before_under_their_day_or_none) {
  const Day day = *day_named("2019-08-24");
  LinkCounts counts;
  counts.note({.link = 7, .days = {{.day = day, .by_visitor = {5, 2}}, {.by_visitor = {3, 0}}, {.day = day}}});
  counts.note({.link = 7, .days = {{.day = day, .by_visitor = {1, 0}}}});
  EXPECT_FALSE(counts.was_followed_here());
  counts.note({.link = 7, .country = {'D', 'E'}, .referrer = "news.example", .visitor_hash = 5}, kFirstClickAt);
  EXPECT_EQ(counts.total, (Tally{.by_visitor = {10, 2}}));
  EXPECT_EQ(counts.imported, (Tally{.by_visitor = {9, 2}}));
  EXPECT_EQ(counts.imported_without_day, (Tally{.by_visitor = {3, 0}}));
  EXPECT_EQ(counts.by_time.days().front(), (DayTally{.day = day, .clicks = {.by_visitor = {6, 2}}}));
  EXPECT_EQ(counts.without_visitor_hash, 9U);
  EXPECT_EQ(counts.visitors.estimate(), 1U);
  EXPECT_EQ(counts.first_at, kFirstClickAt);
  expect_sums(counts);
}

}  // namespace
}  // namespace doorbuster::links
