#include "recs/views/recommender.h"

#include <algorithm>
#include <unordered_map>

namespace doorbuster::recs {
namespace {

constexpr size_t kLatelyMax = 20;
constexpr double kRecencyDecay = 0.8;  // of each item before
constexpr double kBoughtTogether = 2;  // weighs more than looked at together
constexpr size_t kTrendsLookedAt = 500;

std::vector<Recommended> by_item(const RecsTables& tables, uint32_t item, PairKind first, const Question& question) {
  Picker picker(tables, question);
  picker.exclude(item);
  picker.take_pinned();
  picker.take_best(neighbours_of(tables, item, first, picker));
  if (!picker.is_full()) {
    const PairKind second = first == PairKind::kBought ? PairKind::kViewed : PairKind::kBought;
    picker.take_best(neighbours_of(tables, item, second, picker));
  }
  if (!picker.is_full()) picker.fill_up(std::span(&item, 1));
  return std::move(picker).picked();
}

// What goes with the items of somebody's history, the newer ones of which say more.
using Candidates = std::unordered_map<uint32_t, Recommended>;
Candidates candidates_for(const RecsTables& tables, const std::vector<uint32_t>& items) {
  Candidates candidates;
  double weight = 1;
  for (const uint32_t item : items) {
    for (const PairKind kind : {PairKind::kBought, PairKind::kViewed}) {
      const double of_kind = weight * (kind == PairKind::kBought ? kBoughtTogether : 1);
      const Source source = kind == PairKind::kBought ? Source::kAlsoBought : Source::kAlsoViewed;
      tables.pairs(kind).each_best(item, [&](ItemNumber other, float score) {
        const Recommended first{.item = other, .source = source, .because = item};
        candidates.try_emplace(other, first).first->second.score += of_kind * score;
      });
    }
    weight *= kRecencyDecay;
  }
  return candidates;
}

void add_lately(const RecsTables& tables, VisitorKind kind, std::optional<uint32_t> visitor,
                std::vector<Touch>& touches) {
  if (!visitor) return;
  const auto& theirs = tables.history_of(kind, *visitor).touches();
  touches.insert(touches.end(), theirs.begin(), theirs.end());
}

}  // namespace

std::vector<uint32_t> lately(const RecsTables& tables, const Visitors& visitors) {
  std::vector<Touch> touches;
  add_lately(tables, VisitorKind::kUser, visitors.user, touches);
  add_lately(tables, VisitorKind::kSession, visitors.session, touches);
  std::ranges::stable_sort(touches, std::ranges::greater(), &Touch::at);
  std::vector<uint32_t> items;
  const auto add = [&](uint32_t item) {
    if (items.size() < kLatelyMax && std::ranges::find(items, item) == items.end()) items.push_back(item);
  };
  for (const uint32_t item : visitors.seen) add(item);
  for (const Touch& touch : touches) add(touch.item);
  return items;
}

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
  Candidates candidates = candidates_for(tables, items);
  for (const uint32_t item : items) candidates.erase(item);
  std::vector<Recommended> found;
  for (const auto& [item, candidate] : candidates) found.push_back(candidate);
  picker.take_best(std::move(found));
  if (!picker.is_full()) picker.fill_up(items);
  return std::move(picker).picked();
}

std::vector<Recommended> ranked(const RecsTables& tables, const std::vector<uint32_t>& items,
                                const Question& question) {
  const Picker picker(tables, question);
  const Candidates candidates = candidates_for(tables, lately(tables, question.visitors));
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
