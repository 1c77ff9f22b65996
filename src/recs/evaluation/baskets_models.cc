#include "recs/evaluation/baskets_models.h"

#include <algorithm>
#include <utility>

#include "base/assert.h"
#include "recs/models/head_items.h"
#include "recs/models/neighbours.h"

namespace doorbuster::recs {
namespace {

constexpr size_t kCasesToTune = 1'000;
constexpr int64_t kNeighbourHalfLifeDays = 120;
constexpr size_t kItemsToTune = 4'000;  // EASE is tried on the most popular ones

Timestamp at_seconds(int64_t seconds) { return Timestamp::from_micros(seconds * 1'000'000); }

template <class Options, class Member, class Value>
std::function<void(Options&)> setting(Member Options::* member, Value value) {
  return [member, value](Options& options) { options.*member = static_cast<Member>(value); };
}

std::shared_ptr<const Neighbours> basket_neighbours(const LearntBaskets& from, const NeighbourOptions& options,
                                                    uint32_t threads) {
  const std::vector<float> weights = recency_weights(from.shop, from.baskets, from.now, kNeighbourHalfLifeDays);
  return std::make_shared<const Neighbours>(Neighbours::train(from.users, weights, options, threads));
}

ScoreSource neighbours_of_basket(std::shared_ptr<const Neighbours> model) {
  return {.name = "neighbours", .add_scores = [model](const RecommendationCase& one, std::span<float> scores) {
            for (const ItemNumber item : one.given) model->add_scores(item, 1, scores);
          }};
}

ScoreSource neighbours_of_history(std::shared_ptr<const Neighbours> model) {
  return {.name = "neighbours_of_history",
          .add_scores = [model](const RecommendationCase& one, std::span<float> scores) {
            for (const ItemNumber item : one.history) model->add_scores(item, 1, scores);
          }};
}

BasketEase tuned_ease(const LearntBaskets& from, std::span<const RecommendationCase> cases,
                      const LinearAlgebra& algebra, uint32_t threads) {
  const HeadItems head = head_items(from.users, cases, kItemsToTune);
  const RunOptions run{.items = head.users.items(), .threads = threads};
  const auto l2 = [](float value) { return [value](BasketEase& options) { options.model.l2 = value; }; };
  const auto dropout = [](float value) { return [value](BasketEase& options) { options.model.dropout = value; }; };
  const auto column = [](float value) { return [value](BasketEase& options) { options.model.column_power = value; }; };
  const auto half_life = [](int64_t days) { return setting(&BasketEase::half_life_days, days); };
  const std::vector<std::vector<std::function<void(BasketEase&)>>> variants = {
      {[](BasketEase& options) { options.model.user_power = 1, options.model.l2 /= 10; }},
      {half_life(60), half_life(240)},
      {l2(2), l2(12)},
      {dropout(0.3F)},
      {column(0.1F)},
  };
  return tuned<BasketEase>({}, variants, 1, [&](const BasketEase& options) {
    const auto weights = recency_weights(from.shop, from.baskets, from.now, options.half_life_days);
    auto model = Ease::train(head.users, weights, options.model, algebra);
    if (!model) return 0.0;
    return value_of_source(ease_source(std::make_shared<const Ease>(std::move(*model))), head.cases, run);
  });
}

NeighbourOptions tuned_basket_neighbours(const LearntBaskets& from, std::span<const RecommendationCase> cases,
                                         const RunOptions& run) {
  using N = NeighbourOptions;
  const auto change = [](float N::* member, float value) { return setting(member, value); };
  const std::vector<std::vector<std::function<void(N&)>>> variants = {
      {change(&N::target_power, 0.2F), change(&N::target_power, 0.35F)},
      {change(&N::source_power, 0.75F)},
      {change(&N::user_power, 0), change(&N::user_power, 1)},
      {change(&N::sharpness, 1.5F)}};
  return tuned<N>({}, variants, 1, [&](const N& options) {
    return value_of_source(neighbours_of_basket(basket_neighbours(from, options, run.threads)), cases, run);
  });
}

BasketTable tuned_table(const LearntBaskets& from, std::span<const RecommendationCase> cases, const RunOptions& run) {
  const std::vector<std::vector<std::function<void(BasketTable&)>>> variants = {
      {setting(&BasketTable::basket_power, 4)},
      {setting(&BasketTable::target_power, 3)},
      {setting(&BasketTable::source_power, 4)},
      {setting(&BasketTable::half_life_days, 360)},
  };
  return tuned<BasketTable>({}, variants, 1, [&](const BasketTable& options) {
    return value_of_source(also_bought_source(from, options), cases, run);
  });
}

}  // namespace

LearntBaskets::LearntBaskets(const ShopHistory& of, size_t first_baskets)
    : shop(of),
      baskets(first_baskets),
      now(of.baskets[first_baskets - 1].seconds),
      users(interactions_of(of, first_baskets)),
      popularity(users.popularity()) {}

ScoreSource popularity_source(const LearntBaskets& from, std::string name, int64_t half_life_days) {
  std::vector<float> sums(from.users.items(), 0.0F);
  const std::vector<float> weights = recency_weights(from.shop, from.baskets, from.now, half_life_days);
  for (size_t i = 0; i < from.baskets; ++i) {
    for (const ItemNumber item : from.users[i]) sums[item] += weights[i];
  }
  return {.name = std::move(name), .add_scores = [sums = std::move(sums)](const auto&, std::span<float> scores) {
            std::ranges::copy(sums, scores.begin());
          }};
}

ScoreSource own_items_source() {
  return {.name = "own_items", .add_scores = [](const RecommendationCase& one, std::span<float> scores) {
            for (size_t i = 0; i < one.history.size(); ++i) scores[one.history[i]] = static_cast<float>(i + 1);
          }};
}

ScoreSource cosine_source(const LearntBaskets& from, uint32_t threads) {
  Neighbours model = Neighbours::train(
      from.users, {},
      {.user_power = 0, .source_power = 0.5F, .target_power = 0.5F, .sharpness = 1, .row_max = from.users.items()},
      threads);
  return {.name = "cosine_neighbours",
          .add_scores = [model = std::move(model)](const RecommendationCase& one, std::span<float> scores) {
            for (const ItemNumber item : one.given) model.add_scores(item, 1, scores);
          }};
}

Result<std::shared_ptr<const Ease>> basket_ease(const LearntBaskets& from, const BasketEase& parameters,
                                                const LinearAlgebra& algebra) {
  const std::vector<float> weights = recency_weights(from.shop, from.baskets, from.now, parameters.half_life_days);
  return std::make_shared<const Ease>(TRY(Ease::train(from.users, weights, parameters.model, algebra)));
}

ScoreSource ease_source(std::shared_ptr<const Ease> model) {
  return {.name = "ease", .add_scores = [model](const RecommendationCase& one, std::span<float> scores) {
            for (const ItemNumber item : one.given) model->add_scores(item, 1, scores);
          }};
}

ScoreSource ease_of_history_source(std::shared_ptr<const Ease> model) {
  return {.name = "ease_of_history", .add_scores = [model](const RecommendationCase& one, std::span<float> scores) {
            for (const ItemNumber item : one.history) model->add_scores(item, 1, scores);
          }};
}

ScoreSource also_bought_source(const LearntBaskets& from, const BasketTable& parameters) {
  const CoOccurrenceOptions options{.basket_power = parameters.basket_power,
                                    .target_power = parameters.target_power,
                                    .source_power = parameters.source_power,
                                    .half_life = Duration::seconds(parameters.half_life_days * 86'400)};
  auto table = std::make_shared<CoOccurrence>(options, at_seconds(from.now));
  for (size_t i = 0; i < from.baskets; ++i) {
    std::vector<CoOccurrence::Addition> bought;
    for (const ItemNumber item : from.users[i]) {
      bought.push_back({item, BasketEvent::kPurchase, at_seconds(from.shop.baskets[i].seconds)});
    }
    table->add(static_cast<BasketNumber>(i), bought);
  }
  return {.name = "also_bought", .add_scores = [table](const RecommendationCase& one, std::span<float> scores) {
            for (const ItemNumber item : one.given) {
              table->each_also(item, [&](ItemNumber other, float score) { scores[other] += score; });
            }
          }};
}

Result<std::vector<ScoreSource>> basket_sources(const LearntBaskets& from, const BasketParameters& parameters,
                                                const LinearAlgebra& algebra, uint32_t threads) {
  std::vector<ScoreSource> sources;
  sources.push_back(popularity_source(from, "popularity", 0));
  sources.push_back(own_items_source());
  sources.push_back(cosine_source(from, threads));
  sources.push_back(popularity_source(from, "recent_popularity", parameters.popularity_half_life_days));
  sources.push_back(also_bought_source(from, parameters.table));
  if (parameters.ease) {
    const auto ease = TRY(basket_ease(from, *parameters.ease, algebra));
    sources.push_back(ease_source(ease));
    sources.push_back(ease_of_history_source(ease));
  } else {
    const auto neighbours = basket_neighbours(from, parameters.neighbours, threads);
    sources.push_back(neighbours_of_basket(neighbours));
    sources.push_back(neighbours_of_history(neighbours));
  }
  return sources;
}

const ScoreSource& learned_source(std::span<const ScoreSource> sources) {
  const auto found = std::ranges::find_if(
      sources, [](const ScoreSource& source) { return source.name == "ease" || source.name == "neighbours"; });
  ASSERT(found != sources.end());
  return *found;
}

BasketParameters choose_parameters(const LearntBaskets& from, std::span<const RecommendationCase> cases,
                                   const LinearAlgebra& algebra, const RunOptions& run) {
  // Every so many of them, so that all of the time is looked at.
  std::vector<RecommendationCase> some;
  const size_t step = cases.size() / kCasesToTune + 1;
  for (size_t i = 0; i < cases.size(); i += step) some.push_back(cases[i]);
  const std::vector<std::vector<std::function<void(BasketParameters&)>>> days = {
      {setting(&BasketParameters::popularity_half_life_days, 7),
       setting(&BasketParameters::popularity_half_life_days, 30),
       setting(&BasketParameters::popularity_half_life_days, 90)}};
  BasketParameters chosen = tuned<BasketParameters>({}, days, 1, [&](const BasketParameters& options) {
    return value_of_source(popularity_source(from, "", options.popularity_half_life_days), some, run);
  });
  if (from.users.items() > Ease::kItemsMax) {
    chosen.ease.reset();
    chosen.neighbours = tuned_basket_neighbours(from, some, run);
  } else {
    chosen.ease = tuned_ease(from, some, algebra, run.threads);
  }
  chosen.table = tuned_table(from, some, run);
  return chosen;
}

}  // namespace doorbuster::recs
