#include "recs/models/blend.h"

#include <gtest/gtest.h>

#include "base/prng.h"
#include "recs/models/best_of.h"
#include "recs/models/cold_start.h"
#include "recs/models/text_neighbours.h"

namespace doorbuster::recs {
namespace {

TEST(BlendTest, candidates_are_measured_by_the_best_of_them) {
  Candidates candidates = {{1, 4}, {2, 1}, {3, 0}, {4, -2}};
  normalize(candidates);
  EXPECT_EQ(candidates, (Candidates{{1, 1}, {2, 0.25F}}));
}

TEST(BlendTest, scores_are_added_by_weight_and_of_equals_the_lower_number_comes_first) {
  const Blend blend({1, 0.5F});
  const std::vector<Candidates> sources = {{{7, 1}, {3, 0.5F}}, {{3, 1}, {9, 1}}};
  EXPECT_EQ(blend.combine(sources, 3), (Candidates{{3, 1}, {7, 1}, {9, 0.5F}}));
  EXPECT_EQ(blend.combine(sources, 1), (Candidates{{3, 1}}));
}

// One source knows every other answer, another one the rest, and a third one knows nothing.
std::vector<Blend::Case> halves_known(size_t count) {
  Prng random(9);
  std::vector<Blend::Case> cases;
  for (size_t i = 0; i < count; ++i) {
    const auto wanted = static_cast<ItemNumber>(random.below(1'000));
    Blend::Case& one = cases.emplace_back();
    one.wanted = {wanted};
    for (size_t source = 0; source < 3; ++source) {
      Candidates candidates;
      for (int k = 0; k < 40; ++k) candidates.push_back({static_cast<ItemNumber>(1'000 + random.below(1'000)), 0.5F});
      if (source == i % 2) candidates.push_back({wanted, 1});
      one.by_source.push_back(std::move(candidates));
    }
  }
  return cases;
}

TEST(BlendTest, it_is_better_than_each_source_where_they_know_different_things) {
  const auto cases = halves_known(200);
  const Blend blend = Blend::learn(cases, 2'000);
  EXPECT_GT(blend.weights()[0], 0);
  EXPECT_GT(blend.weights()[1], 0);
  EXPECT_GT(blend.value(cases, 2'000), 1.5 * Blend({1, 0, 0}).value(cases, 2'000));
}

TEST(BlendTest, where_nothing_is_ever_found_it_still_gives_lists) {
  std::vector<Blend::Case> cases(3);
  for (Blend::Case& one : cases) one = {.by_source = {{{1, 1}}, {{2, 1}}}, .wanted = {5}};
  const Blend blend = Blend::learn(cases, 10);
  EXPECT_EQ(blend.combine(cases[0].by_source, 5).size(), 1U);
}

TEST(BestOfTest, it_keeps_the_n_best_in_whatever_order_they_come) {
  BestOf best(3);
  for (const ItemNumber item : {5U, 1U, 4U, 2U, 3U}) best.offer({item, item == 4 ? 9.0F : 1.0F});
  EXPECT_FALSE(best.would_take({6, 1}));
  EXPECT_EQ(std::move(best).sorted(), (std::vector<ScoredItem>{{4, 9}, {1, 1}, {2, 1}}));
}

TEST(TextNeighboursTest, rare_words_say_more_than_common_ones) {
  TextNeighbours texts;
  texts.put(0, "RED CHRISTMAS STAR");
  texts.put(1, "red lunch box");
  texts.put(2, "Red teapot");
  texts.put(3, "lunch boxes, blue");
  const auto near = texts.near("star, red", {}, 2);
  ASSERT_EQ(near.size(), 2U);
  EXPECT_EQ(near[0].item, 0U);
  EXPECT_LE(near[0].score, 1);
  EXPECT_TRUE(texts.near("unheard", {}, 5).empty());
}

TEST(TextNeighboursTest, words_are_small_without_plurals_and_without_signs) {
  EXPECT_EQ(words_in("SET/3 Ocean-Scent CANDLES, glass"),
            (std::vector<std::string>{"set", "3", "ocean", "scent", "candle", "glass"}));
}

TEST(TextNeighboursTest, attributes_are_words_as_they_stand) {
  TextNeighbours texts;
  const std::vector<std::string> cheap = {price_word(2.5)}, dear = {price_word(80)};
  texts.put(0, "lamp", cheap);
  texts.put(1, "lamp", dear);
  EXPECT_EQ(texts.near("lamp", dear, 1).front().item, 1U);
  EXPECT_EQ(price_word(0), "");
}

TEST(ColdStartTest, a_new_item_scores_as_those_that_are_like_it) {
  ColdItems items({.sharpness = 1, .direct = 2, .shrink = 0.5F, .prior = 2});
  items.put(9, {{0, 1, 0}, {1, 0.5F, 0.1F}});
  items.put(8, {{5, 1, 1}});
  const std::vector<ScoredItem> none_given = {{0, 0.8F}, {1, 0.4F}}, first_given = {{0, 2}, {1, 0.4F}};
  ASSERT_EQ(items.scores(none_given).size(), 1U);
  EXPECT_FLOAT_EQ(items.scores(none_given).front().score, (0.8F + 0.5F * 0.4F + 0.1F) / 2);
  EXPECT_FLOAT_EQ(items.scores(first_given).front().score, (2 + 0.5F * 0.4F + 0.1F) / 2);
  EXPECT_EQ(items.scores(first_given).front().because, 0U);
}

TEST(ColdStartTest, what_was_removed_counts_nowhere) {
  ColdItems items({.sharpness = 1, .direct = 1, .shrink = 1, .prior = 0});
  items.put(9, {{0, 1, 1}});
  items.add_known(9, {1, 0.5F, 1});
  items.add_known(9, {1, 0.25F, 1});
  EXPECT_EQ(items.counted_for(1), std::vector<ItemNumber>{9});
  const std::vector<ScoredItem> both = {{0, 1}, {1, 1}};
  EXPECT_FLOAT_EQ(items.scores(both).front().score, 1.25F / 2.25F);
  items.remove(9);
  EXPECT_TRUE(items.scores(both).empty());
  EXPECT_TRUE(items.counted_for(1).empty());
}

}  // namespace
}  // namespace doorbuster::recs
