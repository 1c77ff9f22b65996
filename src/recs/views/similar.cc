#include <algorithm>
#include <unordered_set>

#include "recs/views/recommender.h"

namespace doorbuster::recs {
namespace {

// So many of each kind are compared, and of a category so many looked at.
constexpr size_t kCompared = 50;
constexpr size_t kLookedAtInCategory = 1'000;
// So many may be all that the filter accepts: then each is.
constexpr size_t kFewCompared = 500;

double shared_categories(const Item& a, const Item& b) {
  size_t shared = 0;
  for (const uint32_t category : a.categories) shared += std::ranges::count(b.categories, category);
  const size_t all = a.categories.size() + b.categories.size() - shared;
  return all > 0 ? static_cast<double>(shared) / static_cast<double>(all) : 0;
}

// What is most like it by words and by vectors, and what is popular in its categories.
std::unordered_set<uint32_t> alike(const RecsTables& tables, uint32_t item, const Picker& picker) {
  std::unordered_set<uint32_t> found;
  if (const auto* few = picker.few(); few != nullptr && few->size() <= kFewCompared) {
    std::ranges::copy_if(*few, std::inserter(found, found.end()),
                         [&](uint32_t other) { return picker.may_take(other); });
    return found;
  }
  const size_t wanted = std::max(kCompared, 2 * picker.wanted());
  for (const uint32_t other :
       tables.contents().near(item, wanted, [&](uint32_t each) { return picker.may_take(each); }, {}))
    found.insert(other);
  for (const uint32_t category : tables.catalogue()[item].categories) {
    const auto popular = tables.catalogue().popular_in(category);
    size_t left = wanted;
    for (const uint32_t other : popular.first(std::min(popular.size(), kLookedAtInCategory))) {
      if (left == 0) break;
      if (!picker.may_take(other)) continue;
      found.insert(other);
      --left;
    }
  }
  return found;
}

}  // namespace

std::vector<Recommended> similar(const RecsTables& tables, uint32_t item, const Question& question) {
  Picker picker(tables, question);
  picker.exclude(item);
  picker.take_pinned();
  const Catalogue& items = tables.catalogue();
  std::vector<Recommended> found;
  for (const uint32_t other : alike(tables, item, picker)) {
    const double score = shared_categories(items[item], items[other]) + tables.contents().likeness(item, other);
    if (score > 0) found.push_back({.item = other, .score = score, .source = Source::kSimilar, .because = item});
  }
  picker.take_best(std::move(found));
  if (!picker.is_full()) picker.take_best(neighbours_of(tables, item, PairKind::kViewed, picker));
  if (!picker.is_full()) picker.fill_up(std::span(&item, 1));
  return std::move(picker).picked();
}

}  // namespace doorbuster::recs
