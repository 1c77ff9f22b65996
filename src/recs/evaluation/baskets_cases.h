// What the baskets task learns from and asks: the baskets before a time as training, and of each later one all items
// but one.
#pragma once

#include <span>
#include <vector>

#include "recs/evaluation/baskets_format.h"
#include "recs/evaluation/source_run.h"
#include "recs/models/interactions.h"

namespace doorbuster::recs {

// How many of the baskets, which are in order of time, are from before.
[[nodiscard]] size_t baskets_before(const ShopHistory& shop, int64_t seconds);

[[nodiscard]] Interactions interactions_of(const ShopHistory& shop, size_t baskets);

struct CaseOptions {
  size_t begin = 0, end = 0;   // of the baskets that are asked for
  size_t known_baskets = 0;    // the first ones, which models have seen, and whose items are a customer's history
  size_t hidden_a_basket = 1;  // so many cases for each basket, at most
  size_t cases_max = SIZE_MAX;
};
// Of baskets of at least two items. Which item is hidden depends on the number of the invoice alone.
[[nodiscard]] std::vector<RecommendationCase> basket_cases(const ShopHistory& shop, const CaseOptions& options);

// Weights that halve with every half-life of age before `now`; all 1 where it is 0.
[[nodiscard]] std::vector<float> recency_weights(const ShopHistory& shop, size_t baskets, int64_t now,
                                                 int64_t half_life_days);

}  // namespace doorbuster::recs
