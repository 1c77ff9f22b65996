#include "recs/evaluation/metrics.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

namespace doorbuster::recs {
namespace {

TEST(Metrics, count_one_wanted_item_by_its_rank) {
  const std::vector<uint32_t> popularity = {8, 4, 2, 2};
  Metrics metrics(popularity);
  metrics.add(std::vector<ItemNumber>{0, 1}, std::vector<ItemNumber>{1});
  metrics.add(std::vector<ItemNumber>{0, 1}, std::vector<ItemNumber>{3});
  const MetricsAt at = metrics.at(10);
  EXPECT_DOUBLE_EQ(at.hit_rate, 0.5);
  EXPECT_DOUBLE_EQ(at.mrr, 0.25);
  EXPECT_DOUBLE_EQ(at.recall, 0.5);
  EXPECT_DOUBLE_EQ(at.ndcg, 0.5 / std::log2(3));
  EXPECT_DOUBLE_EQ(at.coverage, 0.5);
  EXPECT_DOUBLE_EQ(at.popularity_bias, 6.0 / 3.0);
}

TEST(Metrics, look_no_further_than_the_cutoff) {
  const std::vector<uint32_t> popularity(30, 1);
  std::vector<ItemNumber> list(30);
  std::iota(list.begin(), list.end(), 0U);
  Metrics metrics(popularity);
  metrics.add(list, std::vector<ItemNumber>{10});
  metrics.add(list, std::vector<ItemNumber>{20});
  EXPECT_DOUBLE_EQ(metrics.at(10).hit_rate, 0);
  EXPECT_DOUBLE_EQ(metrics.at(20).hit_rate, 0.5);
  EXPECT_DOUBLE_EQ(metrics.at(20).mrr, 0.5 / 11);
}

TEST(Metrics, measure_several_wanted_items_by_those_that_could_be_found) {
  const std::vector<uint32_t> popularity(40, 1);
  std::vector<ItemNumber> wanted(15);
  std::iota(wanted.begin(), wanted.end(), 0U);
  Metrics metrics(popularity);
  metrics.add(wanted, wanted);
  EXPECT_DOUBLE_EQ(metrics.at(10).recall, 1) << "ten places hold ten of the fifteen";
  EXPECT_DOUBLE_EQ(metrics.at(10).ndcg, 1);
  metrics.add(std::vector<ItemNumber>{39, 0}, wanted);
  EXPECT_DOUBLE_EQ(metrics.at(20).recall, (1 + 1.0 / 15) / 2);
}

TEST(Metrics, count_what_is_not_in_the_catalogue_as_missed) {
  const std::vector<uint32_t> popularity = {1};
  Metrics metrics(popularity);
  metrics.add(std::vector<ItemNumber>{0}, std::vector<ItemNumber>{7});
  EXPECT_EQ(metrics.cases(), 1U);
  EXPECT_DOUBLE_EQ(metrics.at(20).hit_rate, 0);
}

}  // namespace
}  // namespace doorbuster::recs
