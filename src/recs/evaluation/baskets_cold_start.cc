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

constexpr size_t kAlike = 30;
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
  std::vector<ItemNumber> popular;  // of the new items those that were sold most since the split, the best first
};

class ColdStart {
 public:
  ColdStart(const ShopHistory& shop, size_t begin, size_t end)
      : items_(shop.items.size()), new_(new_items(shop, begin, end)) {
    std::vector<bool> is_known(items_, false);
    for (const ShopBasket& basket : std::span(shop.baskets).first(begin)) {
      for (const ItemNumber item : basket.items) is_known[item] = true;
    }
    for (ItemNumber item = 0; item < items_; ++item) {
      if (is_known[item]) texts_.add(item, shop.items[item].text, attributes_of(shop.items[item]));
    }
    for (const ItemNumber item : new_) {
      alike_.push_back(texts_.near(shop.items[item].text, attributes_of(shop.items[item]), kAlike));
    }
    add_cases(shop, begin, end);
  }

  [[nodiscard]] size_t new_count() const { return new_.size(); }
  [[nodiscard]] std::span<const ColdCase> cases() const { return cases_; }

  [[nodiscard]] Source by_text(const Source& model, const ColdStartOptions& options) const {
    std::vector<ColdItem> cold;
    for (const auto& alike : alike_) cold.emplace_back(alike, options);
    return {.name = "text", .add_scores = [this, &model, cold = std::move(cold)](const auto& one, auto scores) {
              std::vector<float> known(items_, 0.0F);
              model.add_scores(one, known);
              const auto is_given = std::make_unique<bool[]>(items_);
              for (const ItemNumber item : one.given) {
                known[item] = 0;
                is_given[item] = true;
              }
              const float best = std::max(1e-9F, *std::ranges::max_element(known));
              for (float& score : known) score = std::max(0.0F, score / best);
              for (size_t i = 0; i < new_.size(); ++i) scores[new_[i]] = cold[i].score(known, {is_given.get(), items_});
            }};
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
    for (const ShopBasket& basket : std::span(shop.baskets).subspan(begin, end - begin)) {
      std::vector<size_t> of_basket;
      for (const ItemNumber item : basket.items) {
        const auto found = std::ranges::lower_bound(new_, item);
        if (found != new_.end() && *found == item) of_basket.push_back(static_cast<size_t>(found - new_.begin()));
      }
      for (const size_t place : of_basket) {
        if (basket.items.size() < 2) continue;
        ColdCase& one = cases_.emplace_back();
        one.known.wanted = {new_[place]};
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
  std::vector<std::vector<ScoredItem>> alike_;  // by new item
  std::vector<ColdCase> cases_;
};

}  // namespace

ChosenColdStart choose_cold_start(const ShopHistory& shop, const ColdStartParts& parts, const Source& fitted,
                                  uint32_t threads) {
  const RunOptions run{.items = shop.items.size(), .threads = threads};
  const ColdStart validation(shop, parts.fit, parts.train);
  using Change = std::function<void(ColdStartOptions&)>;
  const auto sharpness = [](float value) -> Change { return [value](auto& options) { options.sharpness = value; }; };
  const auto direct = [](float value) -> Change { return [value](auto& options) { options.direct = value; }; };
  const auto shrink = [](float value) -> Change { return [value](auto& options) { options.shrink = value; }; };
  const std::vector<std::vector<Change>> variants = {
      {sharpness(1), sharpness(3), sharpness(4)}, {direct(0.3F), direct(2), direct(4)}, {shrink(0.1F), shrink(10)}};
  std::vector<RecommendationCase> cases;
  const size_t step = validation.cases().size() / kCasesToChoose + 1;
  for (size_t i = 0; i < validation.cases().size(); i += step) cases.push_back(validation.cases()[i].known);
  ChosenColdStart chosen{.validation_cases = validation.cases().size()};
  if (cases.empty()) return chosen;
  chosen.options = tuned<ColdStartOptions>({}, variants, 2, [&](const ColdStartOptions& options) {
    return value_of_source(validation.by_text(fitted, options), cases, run);
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

}  // namespace

void write_cold_start(JsonWriter& json, const ShopHistory& shop, const ColdStartParts& parts,
                      const ChosenColdStart& choice, const Source& model, uint32_t threads) {
  const RunOptions options{.items = shop.items.size(), .threads = threads};
  const ColdStart test(shop, parts.train, shop.baskets.size());
  json.key("cold_start").begin_object().member("new_items", test.new_count()).member("cases", test.cases().size());
  json.member("validation_cases", choice.validation_cases);
  if (!test.cases().empty()) {
    const ColdStartOptions& chosen = choice.options;
    json.key("parameters").begin_object().member("sharpness", thousandths(static_cast<double>(chosen.sharpness)));
    json.member("direct", thousandths(static_cast<double>(chosen.direct)));
    json.member("shrink", thousandths(static_cast<double>(chosen.shrink))).end_object();
    const std::vector<uint32_t> popularity = interactions_of(shop, parts.train).popularity();
    const Source text = test.by_text(model, chosen);
    const SourceRun run = run_sources({&text, 1}, test.known(), options);
    json.key("text").begin_object();
    write_metrics(json, metrics_of(run, popularity));
    json.member("hit_rate_in_5_places", thousandths(hits_in_places(run, kPlacesForNew)));
    json.end_object();
    json.key("popularity_since").begin_object();
    write_metrics(json, test.by_popularity(popularity));
    json.end_object();
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
