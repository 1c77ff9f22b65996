#include "recs/evaluation/baskets_cold_start.h"

#include <algorithm>
#include <cmath>
#include <memory>

#include "recs/evaluation/baskets_cases.h"
#include "recs/models/best_of.h"
#include "recs/models/cold_start.h"
#include "recs/models/text_neighbours.h"

namespace doorbuster::recs {
namespace {

constexpr size_t kCasesToChoose = 2'000;
constexpr size_t kPlacesForNew = 5;  // of a list of 20, where new items have places of their own

std::vector<std::string> attributes_of(const ShopItem& item) { return {price_word(item.price)}; }

// The items of baskets from `begin` on that were in none before it.
std::vector<ItemNumber> new_items(const ShopHistory& shop, size_t begin, size_t end) {
  std::vector<bool> is_known(shop.items.size()), is_new(shop.items.size());
  for (size_t i = 0; i < end; ++i) {
    for (const ItemNumber item : shop.baskets[i].items) {
      if (i < begin) is_known[item] = true;
      if (!is_known[item]) is_new[item] = true;
    }
  }
  std::vector<ItemNumber> items;
  for (ItemNumber item = 0; item < is_new.size(); ++item) {
    if (is_new[item]) items.push_back(item);
  }
  return items;
}

struct ColdCase {
  RecommendationCase known;         // the basket without the one that is wanted
  size_t basket = 0;                // its number
  std::vector<ItemNumber> popular;  // of the new items those that were sold most since the split, the best first
};

class ColdStart {
 public:
  ColdStart(const ShopHistory& shop, size_t begin, size_t end, const ScoreSource& popularity)
      : items_(shop.items.size()), new_(new_items(shop, begin, end)) {
    std::vector<float> popular(items_, 0.0F);
    popularity.add_scores({}, popular);
    const float most = std::max(1e-9F, *std::ranges::max_element(popular));
    std::vector<bool> is_known(items_, false);
    for (const ShopBasket& basket : std::span(shop.baskets).first(begin)) {
      for (const ItemNumber item : basket.items) is_known[item] = true;
    }
    for (ItemNumber item = 0; item < items_; ++item) {
      if (is_known[item]) texts_.put(item, shop.items[item].text, attributes_of(shop.items[item]));
    }
    for (const ItemNumber item : new_) {
      std::vector<ColdItems::Alike>& alike = alike_.emplace_back();
      for (const ScoredItem& each :
           texts_.near(shop.items[item].text, attributes_of(shop.items[item]), ColdItems::kAlike))
        alike.push_back({each.item, each.score, popular[each.item] / most});
    }
    add_cases(shop, begin, end);
  }

  [[nodiscard]] size_t new_count() const { return new_.size(); }
  [[nodiscard]] std::span<const ColdCase> cases() const { return cases_; }

  // `beside_known`: known items stand in the list, too, with what the model says of them.
  [[nodiscard]] ScoreSource by_text(const ScoreSource& model, const ColdStartOptions& options,
                                    bool beside_known = false) const {
    auto cold = std::make_shared<ColdItems>(options);
    for (size_t i = 0; i < new_.size(); ++i) cold->put(new_[i], alike_[i]);
    return {.name = "text", .add_scores = [=, this, &model](const RecommendationCase& one, auto scores) {
              std::vector<float> known(items_, 0.0F);
              model.add_scores(one, known);
              for (const ItemNumber item : one.given) known[item] = 0;
              const float best = std::max(1e-9F, *std::ranges::max_element(known));
              std::vector<ScoredItem> scored;
              for (ItemNumber item = 0; item < items_; ++item) {
                if (known[item] > 0) scored.push_back({item, known[item] / best});
              }
              if (beside_known) {
                for (const ScoredItem& item : scored) scores[item.item] = item.score;
              }
              for (const ItemNumber item : one.given) scored.push_back({item, cold->options().direct});
              for (const ColdItems::Score& each : cold->scores(scored)) scores[each.item] = each.score;
            }};
  }

  // How often an item was sold before the basket, of all items: since the split, or ever.
  [[nodiscard]] Metrics by_sales(const ShopHistory& shop, size_t from, std::span<const uint32_t> popularity) const {
    Metrics metrics(popularity);
    std::vector<float> sold(items_, 0.0F);
    size_t counted = from;
    for (const ColdCase& one : cases_) {
      for (; counted < one.basket; ++counted) {
        for (const ItemNumber item : shop.baskets[counted].items) ++sold[item];
      }
      BestOf best(kCutoffMax);
      for (ItemNumber item = 0; item < items_; ++item) {
        const bool is_given = std::ranges::find(one.known.given, item) != one.known.given.end();
        if (!is_given && sold[item] > 0) best.offer({item, sold[item]});
      }
      std::vector<ItemNumber> items;
      for (const ScoredItem& item : std::move(best).sorted()) items.push_back(item.item);
      metrics.add(items, one.known.wanted);
    }
    return metrics;
  }

  [[nodiscard]] Metrics by_popularity(std::span<const uint32_t> popularity) const {
    Metrics metrics(popularity);
    for (const ColdCase& one : cases_) {
      metrics.add(one.popular, one.known.wanted);
    }
    return metrics;
  }

  [[nodiscard]] std::vector<RecommendationCase> known() const {
    std::vector<RecommendationCase> all;
    for (const ColdCase& one : cases_) all.push_back(one.known);
    return all;
  }

 private:
  void add_cases(const ShopHistory& shop, size_t begin, size_t end) {
    std::vector<uint32_t> sold(new_.size(), 0);
    for (size_t number = begin; number < end; ++number) {
      const ShopBasket& basket = shop.baskets[number];
      std::vector<size_t> of_basket;
      for (const ItemNumber item : basket.items) {
        const auto found = std::ranges::lower_bound(new_, item);
        if (found != new_.end() && *found == item) of_basket.push_back(static_cast<size_t>(found - new_.begin()));
      }
      for (const size_t place : of_basket) {
        if (basket.items.size() < 2) continue;
        ColdCase& one = cases_.emplace_back();
        one.known.wanted = {new_[place]};
        one.basket = number;
        std::ranges::copy_if(basket.items, std::back_inserter(one.known.given),
                             [&](ItemNumber item) { return item != new_[place]; });
        one.popular = sold_most(sold, one.known.given);
      }
      for (const size_t place : of_basket) ++sold[place];
    }
  }

  [[nodiscard]] std::vector<ItemNumber> sold_most(std::span<const uint32_t> sold,
                                                  std::span<const ItemNumber> given) const {
    BestOf best(kCutoffMax);
    for (size_t i = 0; i < new_.size(); ++i) {
      const ScoredItem one{new_[i], static_cast<float>(sold[i])};
      if (best.would_take(one) && std::ranges::find(given, new_[i]) == given.end()) best.offer(one);
    }
    std::vector<ItemNumber> items;
    for (const ScoredItem& item : std::move(best).sorted()) items.push_back(item.item);
    return items;
  }

  const size_t items_;
  const std::vector<ItemNumber> new_;
  TextNeighbours texts_;
  std::vector<std::vector<ColdItems::Alike>> alike_;  // by new item
  std::vector<ColdCase> cases_;
};

}  // namespace

ChosenColdStart choose_cold_start(const ShopHistory& shop, const ColdStartParts& parts, const ColdStartSources& fitted,
                                  uint32_t threads) {
  const RunOptions run{.items = shop.items.size(), .threads = threads};
  const ColdStart validation(shop, parts.fit, parts.train, fitted.popularity);
  using Change = std::function<void(ColdStartOptions&)>;
  const auto sharpness = [](float value) -> Change { return [value](auto& options) { options.sharpness = value; }; };
  const auto direct = [](float value) -> Change { return [value](auto& options) { options.direct = value; }; };
  const auto shrink = [](float value) -> Change { return [value](auto& options) { options.shrink = value; }; };
  const auto prior = [](float value) -> Change { return [value](auto& options) { options.prior = value; }; };
  const std::vector<std::vector<Change>> variants = {{sharpness(1), sharpness(3), sharpness(4)},
                                                     {direct(0.3F), direct(2), direct(4)},
                                                     {shrink(1), shrink(10)},
                                                     {prior(0), prior(1)}};
  std::vector<RecommendationCase> cases;
  const size_t step = validation.cases().size() / kCasesToChoose + 1;
  for (size_t i = 0; i < validation.cases().size(); i += step) cases.push_back(validation.cases()[i].known);
  ChosenColdStart chosen{.validation_cases = validation.cases().size()};
  if (cases.empty()) return chosen;
  chosen.options = tuned<ColdStartOptions>({}, variants, 2, [&](const ColdStartOptions& options) {
    return value_of_source(validation.by_text(fitted.model, options), cases, run);
  });
  return chosen;
}

namespace {

double hits_in_places(const SourceRun& run, size_t places) {
  size_t hits = 0;
  for (const Blend::Case& one : run.cases) {
    const Candidates& list = one.by_source.front();
    const auto shown = std::span(list).first(std::min(places, list.size()));
    hits += std::ranges::count(shown, one.wanted.front(), &ScoredItem::item) > 0 ? 1 : 0;
  }
  return static_cast<double>(hits) / static_cast<double>(run.cases.size());
}

double thousandths(double number) { return std::round(number * 1e3) / 1e3; }

Metrics metrics_of(const SourceRun& run, std::span<const uint32_t> popularity) {
  Metrics metrics(popularity);
  for (const Blend::Case& one : run.cases) {
    std::vector<ItemNumber> items;
    for (const ScoredItem& item : one.by_source.front()) items.push_back(item.item);
    metrics.add(items, one.wanted);
  }
  return metrics;
}

// Two members of an object that begins and ends here.
void write_hit_rates(JsonWriter& json, const Metrics& metrics) {
  json.begin_object().member("hit_rate@10", thousandths(metrics.at(10).hit_rate));
  json.member("hit_rate@20", thousandths(metrics.at(20).hit_rate)).end_object();
}

// Ranks among all items, those that are known with them. `sources`: the model alone, and with new items beside the
// known ones. What that costs is measured on the baskets of which any item is hidden.
void write_over_all_items(JsonWriter& json, const ShopHistory& shop, const ColdStartParts& parts, const ColdStart& test,
                          const std::vector<ScoreSource>& sources, const RunOptions& options) {
  const std::vector<uint32_t> popularity = interactions_of(shop, parts.train).popularity();
  json.key("over_all_items").begin_object();
  write_hit_rates(json.key("text"), metrics_of(run_sources({&sources[1], 1}, test.known(), options), popularity));
  write_hit_rates(json.key("sales_since_the_split"), test.by_sales(shop, parts.train, popularity));
  write_hit_rates(json.key("all_sales"), test.by_sales(shop, 0, popularity));
  const auto any = basket_cases(shop, {.begin = parts.train, .end = shop.baskets.size(), .known_baskets = parts.train});
  json.key("any_hidden_item").begin_object();
  write_hit_rates(json.key("without_new_items"), metrics_of(run_sources({&sources[0], 1}, any, options), popularity));
  write_hit_rates(json.key("with_new_items"), metrics_of(run_sources({&sources[1], 1}, any, options), popularity));
  json.end_object().end_object();
}

}  // namespace

void write_cold_start(JsonWriter& json, const ShopHistory& shop, const ColdStartParts& parts,
                      const ChosenColdStart& choice, const ColdStartSources& all, uint32_t threads) {
  const RunOptions options{.items = shop.items.size(), .threads = threads};
  const ColdStart test(shop, parts.train, shop.baskets.size(), all.popularity);
  json.key("cold_start").begin_object().member("new_items", test.new_count()).member("cases", test.cases().size());
  json.member("validation_cases", choice.validation_cases);
  if (!test.cases().empty()) {
    const ColdStartOptions& chosen = choice.options;
    json.key("parameters").begin_object().member("sharpness", thousandths(static_cast<double>(chosen.sharpness)));
    json.member("direct", thousandths(static_cast<double>(chosen.direct)));
    json.member("shrink", thousandths(static_cast<double>(chosen.shrink)));
    json.member("prior", thousandths(static_cast<double>(chosen.prior))).end_object();
    const std::vector<uint32_t> popularity = interactions_of(shop, parts.train).popularity();
    const ScoreSource text = test.by_text(all.model, chosen);
    const SourceRun run = run_sources({&text, 1}, test.known(), options);
    json.key("text").begin_object();
    write_metrics(json, metrics_of(run, popularity));
    json.member("hit_rate_in_5_places", thousandths(hits_in_places(run, kPlacesForNew)));
    json.end_object();
    json.key("popularity_since").begin_object();
    write_metrics(json, test.by_popularity(popularity));
    json.end_object();
    write_over_all_items(json, shop, parts, test, {all.model, test.by_text(all.model, chosen, true)}, options);
    const auto chance = [&](size_t places) {
      return thousandths(std::min(1.0, static_cast<double>(places) / static_cast<double>(test.new_count())));
    };
    json.key("at_random")
        .begin_object()
        .member("hit_rate@10", chance(10))
        .member("hit_rate@20", chance(20))
        .end_object();
  }
  json.end_object();
}

}  // namespace doorbuster::recs
