// The models of the baskets task as sources, and what is chosen for them on validation.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "recs/evaluation/baskets_cases.h"
#include "recs/models/co_occurrence.h"
#include "recs/models/ease.h"
#include "recs/models/neighbours.h"

namespace doorbuster::recs {

struct BasketEase {
  EaseOptions model{.l2 = 5, .dropout = 0.1F, .user_power = 0.5F, .column_power = 0};
  int64_t half_life_days = 120;
  bool operator==(const BasketEase&) const = default;
};

struct BasketTable {
  uint8_t basket_power = 3, source_power = 3, target_power = 2;
  int64_t half_life_days = 120;
  bool operator==(const BasketTable&) const = default;
};

struct BasketParameters {
  std::optional<BasketEase> ease = BasketEase();  // none where there are too many items
  NeighbourOptions neighbours = {};               // in its place
  BasketTable table;
  int64_t popularity_half_life_days = 14;
  bool operator==(const BasketParameters&) const = default;
};

// What models are learnt from: the first baskets of a shop.
struct LearntBaskets {
  const ShopHistory& shop;
  size_t baskets = 0;
  int64_t now = 0;
  Interactions users;
  std::vector<uint32_t> popularity;

  LearntBaskets(const ShopHistory& of, size_t first_baskets);
};

// Of these "popularity", "own_items" and "cosine_neighbours" are there to be compared with, and are in no blend but as
// the validation says.
[[nodiscard]] ScoreSource popularity_source(const LearntBaskets& from, std::string name, int64_t half_life_days);
[[nodiscard]] ScoreSource own_items_source();
[[nodiscard]] ScoreSource cosine_source(const LearntBaskets& from, uint32_t threads);
[[nodiscard]] Result<std::shared_ptr<const Ease>> basket_ease(const LearntBaskets& from, const BasketEase& parameters,
                                                              const LinearAlgebra& algebra);
[[nodiscard]] ScoreSource ease_source(std::shared_ptr<const Ease> model);
[[nodiscard]] ScoreSource ease_of_history_source(std::shared_ptr<const Ease> model);
[[nodiscard]] ScoreSource also_bought_source(const LearntBaskets& from, const BasketTable& parameters);

// All of them, with popularity first. Of the two that are as good as any alone, one is there: "ease" where the
// catalogue is small enough for it, "neighbours" elsewhere; learned_source() says where.
[[nodiscard]] Result<std::vector<ScoreSource>> basket_sources(const LearntBaskets& from,
                                                              const BasketParameters& parameters,
                                                              const LinearAlgebra& algebra, uint32_t threads);
[[nodiscard]] const ScoreSource& learned_source(std::span<const ScoreSource> sources);
[[nodiscard]] BasketParameters choose_parameters(const LearntBaskets& from, std::span<const RecommendationCase> cases,
                                                 const LinearAlgebra& algebra, const RunOptions& run);

}  // namespace doorbuster::recs
