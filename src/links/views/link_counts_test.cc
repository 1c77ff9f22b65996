#include "links/views/link_counts.h"

#include <gtest/gtest.h>

#include "links/views/click_counts_test_helpers.h"

namespace doorbuster::links {
namespace {

TEST(LinkCounts, add_clicks_of_before_to_those_of_here_in_any_order) {
  LinkCounts here;
  here.note({.link = 7, .referrer = {}}, kFirstClickAt);
  LinkCounts before;
  before.note(ImportedClicks{.link = 7, .days = {{.day = 18'000, .by_visitor = {5, 2}}, {.by_visitor = {1, 0}}}});
  LinkCounts first = before;
  first += here;
  LinkCounts last = here;
  last += before;
  EXPECT_EQ(first, last);
  EXPECT_EQ(first.first_at, kFirstClickAt);
  EXPECT_EQ(first.last_at, kFirstClickAt);
  EXPECT_EQ(first.total.all(), 9U);
  expect_sums(first);
}

}  // namespace
}  // namespace doorbuster::links
