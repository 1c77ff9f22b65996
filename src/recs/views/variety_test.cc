#include "recs/views/variety.h"

#include <gtest/gtest.h>

#include <array>

namespace doorbuster::recs {
namespace {

using Order = std::vector<size_t>;

// Three alike and one apart. With lambda 0.5:
//   1st  0.5 * 1.0                        = 0.5     place 0
//   2nd  place 1  0.45 - 0.5 * 0.9        = 0.0
//        place 2  0.40 - 0.5 * 0.8        = 0.0
//        place 3  0.15 - 0.5 * 0.1        = 0.1     place 3
//   3rd  place 1  0.45 - 0.5 * max(.9, 0) = 0.0     place 1, as it comes first
TEST(Variety, is_maximal_marginal_relevance_as_it_was_worked_out_by_hand) {
  constexpr std::array<double, 4> kRelevance = {1.0, 0.9, 0.8, 0.3};
  constexpr std::array<std::array<double, 4>, 4> kAlike = {
      {{1, 0.9, 0.8, 0.1}, {0.9, 1, 0.7, 0}, {0.8, 0.7, 1, 0}, {0.1, 0, 0, 1}}};
  const auto alike = [&](size_t shown, std::span<double> all) { std::ranges::copy(kAlike[shown], all.begin()); };
  EXPECT_EQ(maximal_marginal_relevance(kRelevance, 0.5, 3, 0, alike), (Order{0, 3, 1}));
  EXPECT_EQ(maximal_marginal_relevance(kRelevance, 1.0, 4, 0, alike), (Order{0, 1, 2, 3})) << "scores alone";
  EXPECT_EQ(maximal_marginal_relevance(kRelevance, 0.5, 9, 0, alike).size(), 4U);
}

TEST(Variety, knows_what_stands_before) {
  constexpr std::array<double, 2> kRelevance = {1.0, 0.9};
  // One item stands there already, and the first is like it.
  const auto alike = [](size_t shown, std::span<double> all) {
    all[0] = shown == 0 ? 1.0 : 0.0;
    all[1] = 0;
  };
  EXPECT_EQ(maximal_marginal_relevance(kRelevance, 0.5, 1, 1, alike), Order{1});
  EXPECT_EQ(maximal_marginal_relevance(kRelevance, 0.5, 1, 0, alike), Order{0});
}

constexpr Timestamp kThen = Timestamp::from_micros(1'795'773'600'000'000);

void put(RecsTables& tables, uint32_t item, const std::string& content) {
  const std::string name = "v" + std::to_string(item);
  tables.note(ItemNamed{.item = item, .hash = {.high = item + 1, .low = item + 1}, .name = name}, kThen);
  tables.note(ItemPut{.item = item, .content = as_bytes(content)}, kThen);
}

TEST(Variety, is_by_what_both_items_say) {
  RecsTables tables(10);
  put(tables, 0, R"({"categories": ["a", "b"], "brand": "x", "vectors": {"text": [1,0,0,0,0,0,0,0]}})");
  put(tables, 1, R"({"categories": ["b", "c"], "brand": "x", "vectors": {"text": [0,1,0,0,0,0,0,0]}})");
  put(tables, 2, R"({"categories": ["a", "b"]})");
  put(tables, 3, R"({})");
  constexpr std::array<uint32_t, 3> kItems = {1, 2, 3};
  std::array<double, 3> alike{};
  similarities(tables, 0, kItems, alike);
  EXPECT_NEAR(alike[0], (1.0 / 3 + 0.5 * 1 + 0) / 2.5, 1e-12) << "categories, brand, vectors";
  EXPECT_DOUBLE_EQ(alike[1], 1) << "categories are all there is to compare";
  EXPECT_DOUBLE_EQ(alike[2], 0);
}

}  // namespace
}  // namespace doorbuster::recs
