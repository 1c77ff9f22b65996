// --task baskets: one item of a basket is hidden, and looked for among all items by the rest of the basket and by what
// the customer had bought before.
#include <algorithm>
#include <cmath>

#include "recs/evaluation/baskets_cold_start.h"
#include "recs/evaluation/baskets_models.h"
#include "recs/evaluation/evaluation.h"

namespace doorbuster::recs {
namespace {

constexpr size_t kValidationPart = 10;  // of the training baskets the last one in so many
constexpr size_t kValidationCases = 2'000;
constexpr size_t kHiddenInValidation = 3;

void write_basket_parameters(JsonWriter& json, const BasketParameters& chosen) {
  const auto number = [](float value) { return std::round(static_cast<double>(value) * 1e4) / 1e4; };
  json.key("parameters").begin_object();
  if (const auto& ease = chosen.ease) {
    json.key("ease").begin_object().member("l2", number(ease->model.l2));
    json.member("dropout", number(ease->model.dropout)).member("basket_power", number(ease->model.user_power));
    json.member("column_power", number(ease->model.column_power));
    json.member("half_life_days", ease->half_life_days).end_object();
  } else {
    const NeighbourOptions& neighbours = chosen.neighbours;
    json.key("neighbours").begin_object().member("basket_power", number(neighbours.user_power));
    json.member("source_power", number(neighbours.source_power));
    json.member("target_power", number(neighbours.target_power));
    json.member("sharpness", number(neighbours.sharpness)).end_object();
  }
  json.key("also_bought").begin_object().member("basket_power", chosen.table.basket_power / 4.0);
  json.member("source_power", chosen.table.source_power / 4.0).member("target_power", chosen.table.target_power / 4.0);
  json.member("half_life_days", chosen.table.half_life_days).end_object();
  json.key("recent_popularity").begin_object();
  json.member("half_life_days", chosen.popularity_half_life_days).end_object();
  json.end_object();
}

void write_data(JsonWriter& json, const ShopHistory& shop, size_t train) {
  json.key("data").begin_object().member("lines", shop.lines).member("cancelled_lines", shop.cancelled_lines);
  json.member("taken_back", shop.taken_back).member("other_lines", shop.other_lines).member("items", shop.items.size());
  json.member("customers", shop.customers).member("training_baskets", train);
  json.member("later_baskets", shop.baskets.size() - train).end_object();
}

}  // namespace

Result<std::string> evaluate_baskets(const EvaluationOptions& options) {
  const Stopwatch watch;
  const LinearAlgebra algebra = TRY(LinearAlgebra::load());
  const int64_t split = TRY(parse_shop_date(options.split));
  const ShopHistory shop = TRY(read_baskets(options.train, split));
  const size_t train = baskets_before(shop, split), fit = train - train / kValidationPart;
  const RunOptions run_options{.items = shop.items.size(), .threads = options.threads};
  const auto validation = basket_cases(shop, {.begin = fit,
                                              .end = train,
                                              .known_baskets = fit,
                                              .hidden_a_basket = kHiddenInValidation,
                                              .cases_max = kValidationCases});
  const auto test = basket_cases(shop, {.begin = train, .end = shop.baskets.size(), .known_baskets = train});
  if (validation.empty() || test.empty()) {
    return fail(ErrorCode::kInvalid, "--split " + options.split + " leaves no baskets of two items to " +
                                         (test.empty() ? "test with" : "validate with"));
  }
  const LearntBaskets fitted(shop, fit);
  const BasketParameters chosen = choose_parameters(fitted, validation, algebra, run_options);
  const auto cold_sources = [](const std::vector<ScoreSource>& from) {
    return ColdStartSources{.model = learned_source(from),
                            .popularity = *std::ranges::find(from, "recent_popularity", &ScoreSource::name)};
  };
  const ColdStartParts parts{.fit = fit, .train = train};
  Blend blend;
  ChosenColdStart cold_start;
  {
    // What was learnt from a part goes before all of it is learnt from.
    const std::vector<ScoreSource> sources = TRY(basket_sources(fitted, chosen, algebra, options.threads));
    blend = Blend::learn(run_sources(sources, validation, run_options).cases, shop.items.size());
    cold_start = choose_cold_start(shop, parts, cold_sources(sources), options.threads);
  }
  const double seconds_to_choose = watch.seconds();

  const LearntBaskets all(shop, train);
  const std::vector<ScoreSource> sources = TRY(basket_sources(all, chosen, algebra, options.threads));
  RunReport report(sources, blend, all.popularity);
  report.run(test, run_options);
  std::string out;
  JsonWriter json(out);
  json.begin_object().member("task", "baskets").member("split", options.split);
  write_data(json, shop, train);
  json.member("validation_cases", validation.size()).member("cases", test.size());
  write_basket_parameters(json, chosen);
  write_cold_start(json, shop, parts, cold_start, cold_sources(sources), options.threads);
  json.member("seconds_to_choose", std::round(seconds_to_choose * 100) / 100);
  report.write(json, watch.seconds());
  json.end_object();
  return out;
}

}  // namespace doorbuster::recs
