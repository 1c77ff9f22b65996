#include "recs/views/exploration.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "base/prng.h"
#include "recs/views/surface_counts.h"

namespace doorbuster::recs {
namespace {

std::vector<Recommended> ranked_items(uint32_t count) {
  std::vector<Recommended> picked;
  for (uint32_t item = 0; item < count; ++item) picked.push_back({.item = item, .score = 1.0 / (1 + item)});
  return picked;
}

constexpr Exploration kHalf = {.share = 0.5, .positions = 2, .pool = 4};

TEST(Exploration, leaves_the_first_positions_and_draws_the_last) {
  EXPECT_EQ(picked_for(kHalf, 6), 9U);
  EXPECT_EQ(picked_for({}, 6), 6U);
  EXPECT_EQ(drawn_of({.share = 0.1}, 10), 2U);
  EXPECT_EQ(drawn_of({.share = 0.1}, 3), 1U);
  for (uint64_t seed = 0; seed < 100; ++seed) {
    auto picked = ranked_items(9);
    explore(picked, kHalf, 6, 0, seed);
    ASSERT_EQ(picked.size(), 6U);
    for (uint32_t place = 0; place < 4; ++place) {
      EXPECT_EQ(picked[place].item, place);
      EXPECT_EQ(picked[place].pool, 0);
    }
    for (size_t place = 4; place < 6; ++place) {
      EXPECT_EQ(picked[place].pool, 4);
      EXPECT_FLOAT_EQ(picked[place].propensity, picked[place].is_best ? 0.625F : 0.125F);
    }
    auto again = ranked_items(9);
    explore(again, kHalf, 6, 0, seed);
    EXPECT_EQ(again[5].item, picked[5].item);
  }
}

TEST(Exploration, draws_as_often_as_the_propensities_say) {
  std::map<uint32_t, int> drawn;
  constexpr int kTimes = 20'000;
  for (uint64_t seed = 0; seed < kTimes; ++seed) {
    auto picked = ranked_items(6);
    explore(picked, {.share = 0.4, .positions = 1, .pool = 4}, 3, 0, seed);
    ++drawn[picked[2].item];
  }
  EXPECT_NEAR(drawn[2], kTimes * 0.7, 300);
  for (const uint32_t item : {3U, 4U, 5U}) EXPECT_NEAR(drawn[item], kTimes * 0.1, 200);
}

TEST(Exploration, draws_among_fewer_where_there_are_fewer) {
  auto picked = ranked_items(3);
  explore(picked, kHalf, 3, 0, 1);
  EXPECT_EQ(picked.size(), 3U);
  EXPECT_EQ(picked[1].pool, 2);
  EXPECT_EQ(picked[2].pool, 0) << "one is left: nothing is drawn";
}

// Items are clicked with known chances; what the logged answers let one expect of the other policies comes true.
TEST(Exploration, lets_the_report_estimate_what_other_policies_would_get) {
  const auto chance_of = [](uint32_t item) { return item == 2 ? 0.1 : 0.3; };
  DayOfSurface day;
  Prng random(11);
  for (uint64_t answer = 1; answer <= 40'000; ++answer) {
    auto picked = ranked_items(6);
    explore(picked, {.share = 0.5, .positions = 1, .pool = 4}, 3, 0, answer);
    Interaction row{.kind = EventKind::kImpression, .item = picked[2].item, .recommendation = answer};
    row.shown = {
        .position = 3, .pool = picked[2].pool, .is_best = picked[2].is_best, .propensity = picked[2].propensity};
    day.add(row);
    row.kind = EventKind::kClick;
    if (static_cast<double>(random.next() >> 11) * 0x1p-53 < chance_of(row.item)) day.add(row);
  }
  const auto& greedy = day.policies[static_cast<size_t>(Policy::kGreedy)];
  const auto& uniform = day.policies[static_cast<size_t>(Policy::kUniform)];
  for (const auto& estimate : {ips(greedy, day.drawn.impressions), snips(greedy)}) {
    EXPECT_NEAR(estimate->value, 0.1, 3 * estimate->standard_error);
    EXPECT_LT(estimate->standard_error, 0.005);
  }
  for (const auto& estimate : {ips(uniform, day.drawn.impressions), snips(uniform)}) {
    EXPECT_NEAR(estimate->value, 0.25, 3 * estimate->standard_error);
    EXPECT_LT(estimate->standard_error, 0.01);
  }
}

}  // namespace
}  // namespace doorbuster::recs
