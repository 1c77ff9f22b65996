#include "recs/views/picker.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace doorbuster::recs {
namespace {

constexpr double kScoreOfPinned = 1e6;

// Below 0.1, so that what is popular anyway does not look better than what somebody's own doings say.
double score_of(uint64_t popularity) {
  const auto of = static_cast<double>(popularity);
  return 0.1 * of / (of + 100);
}

}  // namespace

Picker::Picker(const RecsTables& tables, const Question& question) : tables_(tables), question_(question) {
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
  std::erase_if(candidates, [&](const Recommended& each) { return !may_take(each.item); });
  for (Recommended& each : candidates) each.score *= factor_of(each.item);
  const size_t wanted = std::min(candidates.size(), question_.n - picked_.size());
  const auto better = [](const Recommended& a, const Recommended& b) {
    return a.score != b.score ? a.score > b.score : a.item < b.item;
  };
  std::partial_sort(candidates.begin(), candidates.begin() + static_cast<ptrdiff_t>(wanted), candidates.end(), better);
  for (size_t index = 0; index < wanted; ++index) take(candidates[index]);
}

void Picker::take_popular(std::span<const uint32_t> items, Source source) {
  for (const uint32_t item : items) {
    if (is_full()) return;
    const uint64_t popularity = tables_.catalogue().popularity_of(item);
    if (popularity == 0 && source == Source::kPopular) return;  // nor do those behind it have any
    if (may_take(item)) take({.item = item, .score = score_of(popularity), .source = source});
  }
}

void Picker::take_newest() {
  const auto& by_age = tables_.catalogue().by_age();
  for (auto each = by_age.rbegin(); each != by_age.rend() && !is_full(); ++each) {
    if (may_take(each->second)) take({.item = each->second, .score = 0, .source = Source::kNewest});
  }
}

void Picker::fill_up(std::span<const uint32_t> items) {
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

std::vector<Recommended> Picker::picked() && {
  double most = INFINITY;
  for (Recommended& each : picked_) most = each.score = std::min(most, each.score);
  return std::move(picked_);
}

void Picker::add_history(VisitorKind kind, std::optional<uint32_t> visitor) {
  if (!visitor) return;
  for (const Touch& touch : tables_.history_of(kind, *visitor).touches()) {
    viewed_.insert(touch.item);
    if (touch.kind == EventKind::kPurchase) bought_.insert(touch.item);
  }
}

FilterSubject Picker::subject_of(uint32_t item) const {
  return {.item = tables_.catalogue()[item], .is_bought = bought_.contains(item), .is_viewed = viewed_.contains(item)};
}

void Picker::take(const Recommended& one) {
  taken_.insert(one.item);
  picked_.push_back(one);
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
