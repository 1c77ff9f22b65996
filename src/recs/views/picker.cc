#include "recs/views/picker.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include "recs/views/exploration.h"
#include "recs/views/promotions.h"
#include "recs/views/variety.h"

namespace doorbuster::recs {
namespace {

constexpr double kScoreOfPinned = 1e6;
// Whatever a filter accepts stands among all that are popular, or among the newest, behind.
constexpr size_t kFilledFromCategory = 500;
constexpr size_t kVariedMax = 200;  // candidates that are compared with each other

}  // namespace

double score_of(uint64_t popularity) {
  const auto of = static_cast<double>(popularity);
  return 0.1 * of / (of + 100);
}

Picker::Picker(const RecsTables& tables, const Question& question)
    : tables_(tables), question_(question), limit_(picked_for(question.explore, question.n)) {
  bought_.insert(question.visitors.bought.begin(), question.visitors.bought.end());
  viewed_.insert(question.visitors.seen.begin(), question.visitors.seen.end());
  add_history(VisitorKind::kUser, question.visitors.user);
  add_history(VisitorKind::kSession, question.visitors.session);
  if (const Surface* surface = tables.surface(question.surface); surface != nullptr && surface->filter)
    surface_filter_ = &*surface->filter;
  tables.rules().each_on(question.surface, [&](const Rule& rule) {
    if (!rule.holds(question.at, question.rule_set)) return;
    if (rule.action == RuleAction::kCap) caps_.push_back({.rule = &rule});
    if (rule.action <= RuleAction::kBury) rules_.push_back(&rule);
  });
  is_choosy_ = !caps_.empty() || question.lambda < 1;
}

bool Picker::may_take(uint32_t item) const {
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

double Picker::factor_of(uint32_t item) const {
  double factor = 1;
  for (const Rule* rule : rules_) {
    if (rule->action == RuleAction::kExclude || !rule->fits(subject_of(item))) continue;
    factor *= rule->action == RuleAction::kBoost ? rule->factor : 1 / rule->factor;
  }
  return factor;
}

void Picker::take_pinned() {
  for (const uint32_t item : question_.pinned) {
    if (!is_full() && may_take(item)) take({.item = item, .score = kScoreOfPinned, .source = Source::kPinned});
  }
}

void Picker::take_best(std::vector<Recommended>&& candidates) {
  std::erase_if(candidates, [&](const Recommended& each) { return is_off(each.source) || !may_take(each.item); });
  for (Recommended& each : candidates) each.score *= factor_of(each.item);
  const size_t wanted = caps_.empty() ? std::min(candidates.size(), this->wanted()) : candidates.size();
  const auto better = [](const Recommended& a, const Recommended& b) {
    return a.score != b.score ? a.score > b.score : a.item < b.item;
  };
  std::partial_sort(candidates.begin(), candidates.begin() + static_cast<ptrdiff_t>(wanted), candidates.end(), better);
  candidates.resize(wanted);
  if (question_.lambda < 1) return take_in_variety(candidates);
  for (const Recommended& each : candidates) {
    if (!is_full()) offer(each);
  }
}

// Scores are compared within one source only, so relevance is what part of the best one's score it has.
void Picker::take_in_variety(const std::vector<Recommended>& candidates) {
  const size_t compared = std::min(candidates.size(), kVariedMax);
  std::vector<uint32_t> items;
  std::vector<double> relevance;
  for (size_t place = 0; place < compared; ++place) {
    items.push_back(candidates[place].item);
    const double best = candidates.front().score;
    relevance.push_back(best > 0 ? std::max(0.0, candidates[place].score / best) : 0);
  }
  const std::vector<Recommended> before = picked_;
  const auto alike = [&](size_t shown, std::span<double> all) {
    similarities(tables_, shown < before.size() ? before[shown].item : items[shown - before.size()], items, all);
  };
  // Caps may leave some of them out.
  const size_t n = caps_.empty() ? limit_ - picked_.size() : compared;
  for (const size_t place : maximal_marginal_relevance(relevance, question_.lambda, n, before.size(), alike)) {
    if (!is_full()) offer(candidates[place]);
  }
  for (size_t place = compared; place < candidates.size() && !is_full(); ++place) offer(candidates[place]);
}

void Picker::take_in_order(std::span<const Recommended> candidates) {
  for (const Recommended& each : candidates) {
    if (is_full()) return;
    if (!is_off(each.source) && may_take(each.item)) offer(each);
  }
}

// Walking all items by popularity takes as many steps for each that is found as few of all may be; so many are fewer.
const std::vector<uint32_t>* Picker::few() const {
  const Catalogue& items = tables_.catalogue();
  if (!few_) {
    const auto most = static_cast<size_t>(std::sqrt(10.0 * static_cast<double>(items.size())));
    few_ = question_.filter == nullptr ? std::nullopt : question_.filter->among(items, most);
    const auto by_popularity = [&](uint32_t item) { return items.popularity_of(item); };
    if (*few_) std::ranges::stable_sort(**few_, std::ranges::greater(), by_popularity);
  }
  return *few_ ? &**few_ : nullptr;
}

void Picker::take_popular(std::span<const uint32_t> items, Source source) {
  if (is_off(source)) return;
  if (few() != nullptr && few()->size() < items.size()) return take_popular_of_few(items, source);
  for (const uint32_t item : items) {
    if (is_full()) return;
    const uint64_t popularity = tables_.catalogue().popularity_of(item);
    if (popularity == 0 && source == Source::kPopular) return;  // nor do those behind it have any
    if (may_take(item)) offer({.item = item, .score = score_of(popularity), .source = source});
  }
}

// `items` are those of a category, or all.
void Picker::take_popular_of_few(std::span<const uint32_t> items, Source source) {
  const Catalogue& catalogue = tables_.catalogue();
  const auto is_there = [&](uint32_t item) {
    return source == Source::kPopular || std::ranges::any_of(catalogue[item].categories, [&](uint32_t category) {
             return catalogue.popular_in(category).data() == items.data();
           });
  };
  for (const uint32_t item : *few()) {
    if (is_full()) return;
    const uint64_t popularity = catalogue.popularity_of(item);
    if (popularity == 0 && source == Source::kPopular) return;
    if (is_there(item) && may_take(item)) offer({.item = item, .score = score_of(popularity), .source = source});
  }
}

void Picker::take_newest() {
  if (few() != nullptr) {
    std::vector<uint32_t> newest = *few();
    std::ranges::sort(newest, std::ranges::greater(),
                      [&](uint32_t item) { return std::pair(tables_.catalogue()[item].since, item); });
    for (const uint32_t item : newest) {
      if (!is_full() && may_take(item)) offer({.item = item, .score = 0, .source = Source::kNewest});
    }
    return;
  }
  const auto& by_age = tables_.catalogue().by_age();
  for (auto each = by_age.rbegin(); each != by_age.rend() && !is_full(); ++each) {
    if (may_take(each->second)) offer({.item = each->second, .score = 0, .source = Source::kNewest});
  }
}

void Picker::fill_up(std::span<const uint32_t> items) {
  std::set<uint32_t> categories;
  for (const uint32_t item : items) {
    for (const uint32_t category : tables_.catalogue()[item].categories) {
      if (!categories.insert(category).second) continue;
      const auto popular = tables_.catalogue().popular_in(category);
      take_popular(popular.first(std::min(popular.size(), kFilledFromCategory)), Source::kPopularInCategory);
    }
  }
  take_popular(tables_.catalogue().popular(), Source::kPopular);
  take_newest();
}

std::vector<Recommended> Picker::picked() && {
  loosen_caps();
  if (limit_ > question_.n) draw();
  promote();
  double most = INFINITY;
  for (Recommended& each : picked_) most = each.score = std::min(most, each.score);
  return std::move(picked_);
}

// What is not drawn may still be promoted.
void Picker::draw() {
  const auto is_pinned = [](const Recommended& each) { return each.source == Source::kPinned; };
  const auto pinned = static_cast<size_t>(std::ranges::count_if(picked_, is_pinned));
  for (const Recommended& each : picked_) taken_.erase(each.item);
  explore(picked_, question_.explore, question_.n, pinned, question_.seed);
  for (const Recommended& each : picked_) taken_.insert(each.item);
}

// The last step: what a cap that loosens has kept out.
void Picker::loosen_caps() {
  for (Recommended& each : held_back_) {
    if (picked_.size() >= question_.n) return;
    if (taken_.contains(each.item)) continue;
    each.is_beyond_cap = true;
    take(each);
  }
}

void Picker::promote() {
  const auto may_promote = [&](uint32_t item) {
    const auto place = std::ranges::find(picked_, item, &Recommended::item);
    if (place != picked_.end()) return place->source != Source::kPinned;
    return !taken_.contains(item) ? may_take(item) : false;
  };
  for (const auto& [rule, items] : question_.promoted) {
    const std::vector<uint32_t> found =
        promoted_by(*rule, items, picked_, question_.n, tables_.catalogue(),
                    [&](uint32_t item) { return may_promote(item) && rule->fits(subject_of(item)); });
    place_promoted(picked_, *rule, found, question_.n);
    for (const uint32_t item : found) taken_.insert(item);
  }
}

bool Picker::is_off(Source source) const { return (question_.sources_off >> static_cast<uint32_t>(source) & 1U) != 0; }

bool Picker::is_full_of(const Cap& cap, uint32_t item) const {
  if (!cap.rule->fits(subject_of(item))) return false;
  const Item& known = tables_.catalogue()[item];
  if (cap.rule->by == CapBy::kBrand) {
    const auto of = cap.brands.find(known.content.brand);
    return of != cap.brands.end() && of->second >= cap.rule->most;
  }
  return std::ranges::any_of(known.categories, [&](uint32_t category) {
    const auto of = cap.categories.find(category);
    return of != cap.categories.end() && of->second >= cap.rule->most;
  });
}

void Picker::count(Cap& cap, uint32_t item) const {
  if (!cap.rule->fits(subject_of(item))) return;
  const Item& known = tables_.catalogue()[item];
  if (cap.rule->by == CapBy::kCategory) {
    for (const uint32_t category : known.categories) ++cap.categories[category];
  } else if (!known.content.brand.empty()) {
    ++cap.brands[known.content.brand];
  }
}

void Picker::offer(const Recommended& one) {
  bool is_held = false;
  for (const Cap& cap : caps_) {
    if (!is_full_of(cap, one.item)) continue;
    if (!cap.rule->loosens) return;
    is_held = true;
  }
  if (!is_held) return take(one);
  if (held_back_.size() < question_.n && held_.insert(one.item).second) held_back_.push_back(one);
}

void Picker::add_history(VisitorKind kind, std::optional<uint32_t> visitor) {
  if (!visitor) return;
  for (const Touch& touch : tables_.history_of(kind, *visitor).touches()) {
    viewed_.insert(touch.item);
    if (touch.kind == EventKind::kPurchase) bought_.insert(touch.item);
    if (question_.filter != nullptr && question_.filter->names_events()) done_[touch.item] |= bit_of(touch.kind);
  }
}

FilterSubject Picker::subject_of(uint32_t item) const {
  const auto done = done_.find(item);
  return {.item = tables_.catalogue()[item],
          .is_bought = bought_.contains(item),
          .is_viewed = viewed_.contains(item),
          .done = done == done_.end() ? EventKinds{0} : done->second};
}

void Picker::take(const Recommended& one) {
  taken_.insert(one.item);
  picked_.push_back(one);
  for (Cap& cap : caps_) count(cap, one.item);
}

std::vector<Recommended> neighbours_of(const RecsTables& tables, uint32_t item, PairKind kind, const Picker& picker) {
  std::vector<Recommended> found;
  const Source source = kind == PairKind::kBought ? Source::kAlsoBought : Source::kAlsoViewed;
  const auto accept = [&](ItemNumber other) { return picker.may_take(other); };
  for (const ScoredItem& each : tables.pairs(kind).also(item, picker.wanted(), accept))
    found.push_back({.item = each.item, .score = each.score, .source = source, .because = item});
  return found;
}

}  // namespace doorbuster::recs
