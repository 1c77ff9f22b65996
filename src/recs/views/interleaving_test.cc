#include "recs/views/interleaving.h"

#include <gtest/gtest.h>

#include <set>

namespace doorbuster::recs {
namespace {

std::vector<Recommended> list_of(std::initializer_list<uint32_t> items) {
  std::vector<Recommended> list;
  for (const uint32_t item : items) list.push_back({.item = item, .score = 1.0 / (1.0 + item)});
  return list;
}

TEST(TeamDraft, takes_turns_and_credits_each_item_to_one_team) {
  const auto first = list_of({1, 2, 3, 4});
  const auto second = list_of({3, 1, 5, 6});
  for (uint64_t seed = 0; seed < 200; ++seed) {
    const auto drafted = team_draft(first, second, 6, seed);
    ASSERT_EQ(drafted.size(), 6U) << "as many as there are";
    std::set<uint32_t> items;
    int lead = 0;
    for (size_t place = 0; place < drafted.size(); ++place) {
      items.insert(drafted[place].item);
      lead += drafted[place].team == 0 ? 1 : -1;
      EXPECT_TRUE(place % 2 == 0 || lead == 0) << "a round has one of each";
    }
    EXPECT_EQ(items, (std::set<uint32_t>{1, 2, 3, 4, 5, 6}));
    // Who begins names the best of their list; the other the best that is left of theirs.
    EXPECT_EQ(drafted[0].item, drafted[0].team == 0 ? 1U : 3U);
    EXPECT_EQ(drafted[1].item, drafted[1].team == 0 ? 1U : 3U);
  }
}

TEST(TeamDraft, tosses_a_fair_coin_that_a_seed_repeats) {
  const auto first = list_of({1});
  const auto second = list_of({2});
  int first_begins = 0;
  for (uint64_t seed = 0; seed < 4'000; ++seed) {
    const auto drafted = team_draft(first, second, 2, seed);
    first_begins += drafted[0].team == 0 ? 1 : 0;
    EXPECT_EQ(drafted[0].item, team_draft(first, second, 2, seed)[0].item);
  }
  EXPECT_NEAR(first_begins, 2'000, 200);
}

TEST(TeamDraft, goes_on_alone_where_one_list_ends) {
  const auto drafted = team_draft(list_of({1, 2, 3}), list_of({1}), 3, 7);
  ASSERT_EQ(drafted.size(), 3U);
  for (size_t place = 1; place < drafted.size(); ++place) EXPECT_LE(drafted[place].score, drafted[place - 1].score);
  EXPECT_TRUE(team_draft({}, {}, 3, 7).empty());
}

}  // namespace
}  // namespace doorbuster::recs
