#include "recs/views/recommender.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <unordered_map>
#include <unordered_set>

namespace doorbuster::recs {
namespace {

constexpr size_t kLatelyMax = 20;
constexpr double kRecencyDecay = 0.8;  // of each item before
constexpr double kBoughtTogether = 2;  // weighs more than looked at together
constexpr double kScoreOfPinned = 1e6;
constexpr size_t kSimilarLookedAt = 5'000;
constexpr size_t kTrendsLookedAt = 500;

// Takes what may be shown, each item once, until there are enough.
class Picker {
 public:
  Picker(const RecsTables& tables, const Question& question) : tables_(tables), question_(question) {
    bought_.insert(question.visitors.bought.begin(), question.visitors.bought.end());
    viewed_.insert(question.visitors.seen.begin(), question.visitors.seen.end());
    add_history(VisitorKind::kUser, question.visitors.user);
    add_history(VisitorKind::kSession, question.visitors.session);
    if (const Surface* surface = tables.surface(question.surface); surface != nullptr && surface->filter)
      surface_filter_ = &*surface->filter;
    for (const auto& [name, rule] : tables.rules()) {
      if (rule.holds_on(question.surface) && rule.action != RuleAction::kPin) rules_.push_back(&rule);
    }
  }

  // It is not shown, as it is what was asked about.
  void exclude(uint32_t item) { taken_.insert(item); }
  [[nodiscard]] bool is_full() const { return picked_.size() >= question_.n; }
  [[nodiscard]] size_t wanted() const { return question_.n - picked_.size(); }
  [[nodiscard]] bool may_take(uint32_t item) const {
    const Item& known = tables_.catalogue()[item];
    if (!known.may_be_shown() || taken_.contains(item)) return false;
    const FilterSubject subject = subject_of(item);
    const Filter* filter = question_.filter;
    if (subject.is_bought && (filter == nullptr || !filter->names_bought())) return false;
    if (filter != nullptr && !filter->accepts(subject)) return false;
    if (surface_filter_ != nullptr && !surface_filter_->accepts(subject)) return false;
    return std::ranges::none_of(
        rules_, [&](const Rule* rule) { return rule->action == RuleAction::kExclude && rule->fits(subject); });
  }
  // By what rules make of a score.
  [[nodiscard]] double factor_of(uint32_t item) const {
    double factor = 1;
    for (const Rule* rule : rules_) {
      if (rule->action == RuleAction::kExclude || !rule->fits(subject_of(item))) continue;
      factor *= rule->action == RuleAction::kBoost ? rule->factor : 1 / rule->factor;
    }
    return factor;
  }
  // At the top, where every score begins.
  void take_pinned() {
    for (const uint32_t item : question_.pinned) {
      if (!is_full() && may_take(item)) take({.item = item, .score = kScoreOfPinned, .source = Source::kPinned});
    }
  }
  // The best first.
  void take_best(std::vector<Recommended>&& candidates) {
    std::erase_if(candidates, [&](const Recommended& each) { return !may_take(each.item); });
    for (Recommended& each : candidates) each.score *= factor_of(each.item);
    const size_t wanted = std::min(candidates.size(), question_.n - picked_.size());
    const auto better = [](const Recommended& a, const Recommended& b) {
      return a.score != b.score ? a.score > b.score : a.item < b.item;
    };
    std::partial_sort(candidates.begin(), candidates.begin() + static_cast<ptrdiff_t>(wanted), candidates.end(),
                      better);
    for (size_t index = 0; index < wanted; ++index) take(candidates[index]);
  }
  void take_popular(std::span<const uint32_t> items, Source source) {
    for (const uint32_t item : items) {
      if (is_full()) return;
      const uint64_t popularity = tables_.catalogue().popularity_of(item);
      if (popularity == 0 && source == Source::kPopular) return;  // nor do those behind it have any
      if (may_take(item)) take({.item = item, .score = score_of(popularity), .source = source});
    }
  }
  void take_newest() {
    const auto& by_age = tables_.catalogue().by_age();
    for (auto each = by_age.rbegin(); each != by_age.rend() && !is_full(); ++each) {
      if (may_take(each->second)) take({.item = each->second, .score = 0, .source = Source::kNewest});
    }
  }
  // Popular in the categories of these items, then everywhere, then what is new.
  void fill_up(std::span<const uint32_t> items) {
    std::set<uint32_t> categories;
    for (const uint32_t item : items) {
      for (const uint32_t category : tables_.catalogue()[item].categories) {
        if (categories.insert(category).second)
          take_popular(tables_.catalogue().popular_in(category), Source::kPopularInCategory);
      }
    }
    take_popular(tables_.catalogue().popular(), Source::kPopular);
    take_newest();
  }
  // What stands behind has no higher score.
  [[nodiscard]] std::vector<Recommended> picked() && {
    double most = INFINITY;
    for (Recommended& each : picked_) most = each.score = std::min(most, each.score);
    return std::move(picked_);
  }

 private:
  void add_history(VisitorKind kind, std::optional<uint32_t> visitor) {
    if (!visitor) return;
    for (const Touch& touch : tables_.history_of(kind, *visitor).touches()) {
      viewed_.insert(touch.item);
      if (touch.kind == EventKind::kPurchase) bought_.insert(touch.item);
    }
  }
  [[nodiscard]] FilterSubject subject_of(uint32_t item) const {
    return {
        .item = tables_.catalogue()[item], .is_bought = bought_.contains(item), .is_viewed = viewed_.contains(item)};
  }
  void take(const Recommended& one) {
    taken_.insert(one.item);
    picked_.push_back(one);
  }
  // Below 0.1, so that what is popular anyway does not look better than what somebody's own doings say.
  static double score_of(uint64_t popularity) {
    const auto of = static_cast<double>(popularity);
    return 0.1 * of / (of + 100);
  }

  const RecsTables& tables_;
  const Question& question_;
  const Filter* surface_filter_ = nullptr;
  std::vector<const Rule*> rules_;
  std::unordered_set<uint32_t> bought_;
  std::unordered_set<uint32_t> viewed_;
  std::unordered_set<uint32_t> taken_;
  std::vector<Recommended> picked_;
};

// The best of those that may be taken.
std::vector<Recommended> neighbours_of(const RecsTables& tables, uint32_t item, PairKind kind, const Picker& picker) {
  std::vector<Recommended> found;
  const Source source = kind == PairKind::kBought ? Source::kAlsoBought : Source::kAlsoViewed;
  const auto accept = [&](ItemNumber other) { return picker.may_take(other); };
  for (const ScoredItem& each : tables.pairs(kind).also(item, picker.wanted(), accept))
    found.push_back({.item = each.item, .score = each.score, .source = source, .because = item});
  return found;
}

double cosine(const std::vector<float>& a, const std::vector<float>& b) {
  if (a.size() != b.size()) return 0;
  double product = 0;
  double of_a = 0;
  double of_b = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    product += static_cast<double>(a[i]) * b[i];
    of_a += static_cast<double>(a[i]) * a[i];
    of_b += static_cast<double>(b[i]) * b[i];
  }
  return of_a > 0 && of_b > 0 ? product / std::sqrt(of_a * of_b) : 0;
}

double likeness(const Item& a, const Item& b) {
  size_t shared = 0;
  for (const uint32_t category : a.categories) shared += std::ranges::count(b.categories, category);
  const size_t all = a.categories.size() + b.categories.size() - shared;
  double sum = all > 0 ? static_cast<double>(shared) / static_cast<double>(all) : 0;
  if (!a.content.brand.empty() && a.content.brand == b.content.brand) sum += 0.5;
  for (const auto& [name, vector] : a.content.vectors) {
    const auto other = b.content.vectors.find(name);
    if (other != b.content.vectors.end()) sum += cosine(vector, other->second);
  }
  return sum;
}

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
      tables.pairs(kind).each_also(item, [&](ItemNumber other, float score) {
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

std::vector<Recommended> similar(const RecsTables& tables, uint32_t item, const Question& question) {
  Picker picker(tables, question);
  picker.exclude(item);
  picker.take_pinned();
  const Catalogue& items = tables.catalogue();
  std::vector<Recommended> found;
  std::unordered_set<uint32_t> looked_at;
  const auto look = [&](uint32_t other) {
    if (looked_at.size() >= kSimilarLookedAt || !picker.may_take(other) || !looked_at.insert(other).second) return;
    const double alike = likeness(items[item], items[other]);
    if (alike > 0) found.push_back({.item = other, .score = alike, .source = Source::kSimilar, .because = item});
  };
  for (const uint32_t category : items[item].categories) std::ranges::for_each(items.popular_in(category), look);
  if (!items[item].content.vectors.empty()) std::ranges::for_each(items.popular(), look);
  picker.take_best(std::move(found));
  if (!picker.is_full()) picker.take_best(neighbours_of(tables, item, PairKind::kViewed, picker));
  if (!picker.is_full()) picker.fill_up(std::span(&item, 1));
  return std::move(picker).picked();
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
