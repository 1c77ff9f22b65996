#include "recs/models/neighbours.h"

#include <gtest/gtest.h>

#include <cmath>

#include "recs/models/dense_test_helpers.h"
#include "recs/models/followers.h"

namespace doorbuster::recs {
namespace {

Interactions lists(std::initializer_list<std::vector<ItemNumber>> users) {
  Interactions all;
  for (const auto& list : users) all.add_user(list);
  return all;
}

float weight(std::span<const ScoredItem> row, ItemNumber item) {
  for (const ScoredItem& one : row) {
    if (one.item == item) return one.score;
  }
  return 0;
}

TEST(NeighboursTest, with_half_powers_it_is_the_cosine) {
  const auto model = Neighbours::train(lists({{0, 1}, {0, 1, 2}, {0}, {2}}), {}, {.user_power = 0}, 1);
  EXPECT_FLOAT_EQ(weight(model.row(0), 1), 2 / std::sqrt(3.0F * 2));
  EXPECT_FLOAT_EQ(weight(model.row(0), 2), 1 / std::sqrt(3.0F * 2));
  EXPECT_EQ(weight(model.row(0), 0), 0) << "an item is no neighbour of itself";
}

TEST(NeighboursTest, a_heavy_user_says_less_with_each_item) {
  const auto model = Neighbours::train(lists({{0, 1}, {0, 2, 3, 4}}), {}, {.user_power = 1, .target_power = 0}, 1);
  EXPECT_FLOAT_EQ(weight(model.row(0), 1), 2 * weight(model.row(0), 2));
}

TEST(NeighboursTest, rows_keep_their_best_and_threads_change_nothing) {
  const Interactions users = users_with_tastes(200, 60, 8);
  const auto one = Neighbours::train(users, {}, {.row_max = 5}, 1);
  const auto three = Neighbours::train(users, {}, {.row_max = 5}, 3);
  for (ItemNumber item = 0; item < 60; ++item) {
    EXPECT_LE(one.row(item).size(), 5U);
    EXPECT_TRUE(std::ranges::equal(one.row(item), three.row(item)));
  }
}

TEST(NeighboursTest, one_user_with_a_million_items_has_no_more_pairs_than_a_history_may_have) {
  std::vector<ItemNumber> million(1'000'000);
  for (ItemNumber i = 0; i < million.size(); ++i) million[i] = i;
  const auto model = Neighbours::train(lists({million, {0, 1}}), {}, {}, 2);
  EXPECT_LE(model.pairs(), Neighbours::kHistoryMax * 200 + 2);
  EXPECT_GT(weight(model.row(0), 1), 0);
}

TEST(FollowersTest, what_came_after_weighs_more_than_what_came_before_and_the_nearer_the_more) {
  const FollowerOptions options{.decay = 0.5F, .backward = 0.25F, .source_power = 0, .target_power = 0};
  const auto model = Followers::train(lists({{0, 1, 2}}), options, 1);
  EXPECT_FLOAT_EQ(weight(model.row(0), 1), 1);
  EXPECT_FLOAT_EQ(weight(model.row(0), 2), 0.5F);
  EXPECT_FLOAT_EQ(weight(model.row(1), 0), 0.25F);
  EXPECT_FLOAT_EQ(weight(model.row(2), 0), 0.125F);
}

TEST(FollowersTest, an_item_that_comes_twice_counts_at_each_place_and_once_a_user) {
  const FollowerOptions options{.decay = 0.5F, .backward = 0, .source_power = 0, .target_power = 0};
  const auto model = Followers::train(lists({{0, 1, 0, 2}}), options, 2);
  EXPECT_FLOAT_EQ(weight(model.row(0), 1), 1);
  EXPECT_FLOAT_EQ(weight(model.row(0), 0), 0.5F);
  EXPECT_FLOAT_EQ(weight(model.row(0), 2), 1 + 0.25F);
}

TEST(FollowersTest, the_newest_item_of_a_history_says_the_most) {
  const FollowerOptions options{.history_decay = 0.5F, .backward = 0, .source_power = 0, .target_power = 0};
  const auto model = Followers::train(lists({{0, 1}, {2, 3}}), options, 1);
  std::vector<float> scores(4, 0.0F);
  model.add_scores(std::vector<ItemNumber>{0, 2}, scores);
  EXPECT_FLOAT_EQ(scores[3], 1);
  EXPECT_FLOAT_EQ(scores[1], 0.5F);
}

}  // namespace
}  // namespace doorbuster::recs
