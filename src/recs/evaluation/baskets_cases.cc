#include "recs/evaluation/baskets_cases.h"

#include <algorithm>
#include <cmath>

#include "base/prng.h"

namespace doorbuster::recs {
namespace {

constexpr size_t kHistoryItemsMax = 500;

// FNV-1a; the same on every machine.
uint64_t hash_of(std::string_view text) {
  uint64_t hash = 14'695'981'039'346'656'037ULL;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1'099'511'628'211ULL;
  return mixed64(hash);
}

// The different items that each customer has bought, the last bought last.
std::vector<std::vector<ItemNumber>> histories_of(const ShopHistory& shop, size_t baskets) {
  std::vector<std::vector<ItemNumber>> histories(shop.customers);
  for (const ShopBasket& basket : std::span(shop.baskets).first(baskets)) {
    if (basket.customer == kNoCustomer) continue;
    std::vector<ItemNumber>& history = histories[basket.customer];
    for (const ItemNumber item : basket.items) {
      std::erase(history, item);
      history.push_back(item);
    }
    if (history.size() > kHistoryItemsMax) history.erase(history.begin(), history.end() - kHistoryItemsMax);
  }
  return histories;
}

}  // namespace

size_t baskets_before(const ShopHistory& shop, int64_t seconds) {
  const auto end = std::ranges::lower_bound(shop.baskets, seconds, {}, &ShopBasket::seconds);
  return static_cast<size_t>(end - shop.baskets.begin());
}

Interactions interactions_of(const ShopHistory& shop, size_t baskets) {
  Interactions all;
  for (const ShopBasket& basket : std::span(shop.baskets).first(baskets)) all.add_user(basket.items);
  all.at_least_items(shop.items.size());
  return all;
}

std::vector<RecommendationCase> basket_cases(const ShopHistory& shop, const CaseOptions& options) {
  const auto histories = histories_of(shop, options.known_baskets);
  std::vector<RecommendationCase> cases;
  for (size_t i = options.begin; i < options.end; ++i) {
    const ShopBasket& basket = shop.baskets[i];
    if (basket.items.size() < 2) continue;
    uint64_t state = hash_of(basket.invoice);
    const size_t first = splitmix64(state) % basket.items.size();
    for (size_t k = 0; k < std::min(options.hidden_a_basket, basket.items.size()); ++k) {
      if (cases.size() == options.cases_max) return cases;
      RecommendationCase& one = cases.emplace_back();
      one.wanted = {basket.items[(first + k) % basket.items.size()]};
      std::ranges::copy_if(basket.items, std::back_inserter(one.given),
                           [&](ItemNumber item) { return item != one.wanted.front(); });
      if (basket.customer != kNoCustomer) one.history = histories[basket.customer];
    }
  }
  return cases;
}

std::vector<float> recency_weights(const ShopHistory& shop, size_t baskets, int64_t now, int64_t half_life_days) {
  std::vector<float> weights(baskets, 1.0F);
  if (half_life_days == 0) return weights;
  for (size_t i = 0; i < baskets; ++i) {
    const auto days = static_cast<float>(now - shop.baskets[i].seconds) / 86'400.0F;
    weights[i] = std::exp2(-days / static_cast<float>(half_life_days));
  }
  return weights;
}

}  // namespace doorbuster::recs
