#include <algorithm>
#include <cmath>
#include <unordered_set>

#include "recs/views/recommender.h"

namespace doorbuster::recs {
namespace {

constexpr size_t kSimilarLookedAt = 5'000;

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

}  // namespace

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

}  // namespace doorbuster::recs
