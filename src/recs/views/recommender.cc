#include "recs/views/recommender.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "recs/views/cold_start.h"

namespace doorbuster::recs {
namespace {

constexpr size_t kTrendsLookedAt = 500;

std::vector<Recommended> by_item(const RecsTables& tables, uint32_t item, PairKind first, const Question& question) {
  Picker picker(tables, question);
  picker.exclude(item);
  picker.take_pinned();
  std::vector<Recommended> found = neighbours_of(tables, item, first, picker);
  add_new_items(tables, std::span(&item, 1), picker, found);
  picker.take_best(std::move(found));
  if (!picker.is_full()) {
    const PairKind second = first == PairKind::kBought ? PairKind::kViewed : PairKind::kBought;
    picker.take_best(neighbours_of(tables, item, second, picker));
  }
  if (!picker.is_full()) picker.fill_up(std::span(&item, 1));
  return std::move(picker).picked();
}

}  // namespace

std::vector<Recommended> also_bought(const RecsTables& tables, uint32_t item, const Question& question) {
  return by_item(tables, item, PairKind::kBought, question);
}

std::vector<Recommended> also_viewed(const RecsTables& tables, uint32_t item, const Question& question) {
  return by_item(tables, item, PairKind::kViewed, question);
}

std::vector<Recommended> for_visitors(const RecsTables& tables, const Question& question) {
  Picker picker(tables, question);
  picker.take_pinned();
  const std::vector<uint32_t> items = lately(tables, question.visitors);
  auto found = blended_for(tables, question.visitors, [&](ItemNumber item) { return picker.may_take(item); });
  add_new_items(tables, items, picker, found);
  picker.take_best(std::move(found));
  if (!picker.is_full()) picker.fill_up(items);
  return std::move(picker).picked();
}

std::vector<Recommended> ranked(const RecsTables& tables, const std::vector<uint32_t>& items,
                                const Question& question) {
  const Picker picker(tables, question);
  const std::unordered_set<uint32_t> asked(items.begin(), items.end());
  auto scored = blended_for(tables, question.visitors, [&](ItemNumber item) { return asked.contains(item); });
  add_new_items(tables, lately(tables, question.visitors), picker, scored);
  std::unordered_map<uint32_t, Recommended> candidates;
  for (const Recommended& each : scored) candidates.emplace(each.item, each);
  std::vector<Recommended> ranked;
  for (const uint32_t item : items) {
    const auto found = candidates.find(item);
    ranked.push_back(found != candidates.end() ? found->second : Recommended{.item = item, .source = Source::kAsGiven});
    ranked.back().score *= picker.factor_of(item);
  }
  std::ranges::stable_sort(ranked, std::ranges::greater(), &Recommended::score);
  return ranked;
}

std::vector<Recommended> popular(const RecsTables& tables, std::optional<uint32_t> category, const Question& question) {
  Picker picker(tables, question);
  if (category) {
    picker.take_popular(tables.catalogue().popular_in(*category), Source::kPopularInCategory);
  } else {
    picker.take_popular(tables.catalogue().popular(), Source::kPopular);
    picker.take_newest();
  }
  return std::move(picker).picked();
}

// Rules put those in order that trend the most.
std::vector<Recommended> trending(const RecsTables& tables, Window window, std::optional<uint32_t> category,
                                  const Question& question) {
  Picker picker(tables, question);
  picker.take_pinned();
  std::vector<Recommended> found;
  const auto trends = tables.recent().trending(window);
  for (const RecentCounts::Trend& each : *trends) {
    if (found.size() >= kTrendsLookedAt) break;
    const std::vector<uint32_t>& categories = tables.catalogue()[each.item].categories;
    if (category && std::ranges::find(categories, *category) == categories.end()) continue;
    if (picker.may_take(each.item))
      found.push_back({.item = each.item, .score = each.score, .source = Source::kTrending});
  }
  picker.take_best(std::move(found));
  if (category) picker.take_popular(tables.catalogue().popular_in(*category), Source::kPopularInCategory);
  if (!category) picker.fill_up({});
  return std::move(picker).picked();
}

}  // namespace doorbuster::recs
