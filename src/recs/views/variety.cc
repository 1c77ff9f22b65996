#include "recs/views/variety.h"

#include <algorithm>
#include <cmath>

namespace doorbuster::recs {
namespace {

constexpr double kWeightOfBrand = 0.5;

double jaccard(const std::vector<uint32_t>& a, const std::vector<uint32_t>& b) {
  size_t shared = 0;
  for (const uint32_t each : a) shared += static_cast<size_t>(std::ranges::count(b, each));
  return static_cast<double>(shared) / static_cast<double>(a.size() + b.size() - shared);
}

// A mean of what can be compared.
class Mean {
 public:
  void add(double value, double weight = 1) {
    sum_ += weight * std::clamp(value, 0.0, 1.0);
    weights_ += weight;
  }
  [[nodiscard]] double value() const { return weights_ > 0 ? sum_ / weights_ : 0; }

 private:
  double sum_ = 0;
  double weights_ = 0;
};

// By item, how much what goes with the shown one goes with it, of what does most.
std::vector<double> together_with(const RecsTables& tables, uint32_t shown, std::span<const uint32_t> items) {
  std::vector<std::pair<uint32_t, size_t>> places;
  for (size_t place = 0; place < items.size(); ++place) places.emplace_back(items[place], place);
  std::ranges::sort(places);
  std::vector<double> together(items.size(), 0);
  double most = 0;
  tables.pairs(PairKind::kViewed).each_best(shown, [&](ItemNumber other, float score) {
    most = std::max<double>(most, score);
    const auto found = std::ranges::lower_bound(places, other, {}, &std::pair<uint32_t, size_t>::first);
    if (found != places.end() && found->first == other) together[found->second] = score;
  });
  for (double& each : together) each = most > 0 ? each / most : 0;
  return together;
}

double likeness_of(const RecsTables& tables, uint32_t a, uint32_t b, std::optional<double> together) {
  const Item& one = tables.catalogue()[a];
  const Item& other = tables.catalogue()[b];
  Mean mean;
  if (!one.categories.empty() && !other.categories.empty()) mean.add(jaccard(one.categories, other.categories));
  const std::string& brand = one.content.brand;
  if (!brand.empty() && !other.content.brand.empty()) mean.add(brand == other.content.brand ? 1 : 0, kWeightOfBrand);
  tables.contents().each_cosine(a, b, [&](float cosine) { mean.add(static_cast<double>(cosine)); });
  if (together) mean.add(*together);
  return mean.value();
}

}  // namespace

void similarities(const RecsTables& tables, uint32_t shown, std::span<const uint32_t> items, std::span<double> alike) {
  ASSERT(items.size() == alike.size());
  const Catalogue& known = tables.catalogue();
  const std::vector<double> together = together_with(tables, shown, items);
  for (size_t place = 0; place < items.size(); ++place) {
    const Item& item = known[items[place]];
    const bool are_seen = item.viewed_by > 0 && known[shown].viewed_by > 0;
    alike[place] = likeness_of(tables, shown, items[place], are_seen ? std::optional(together[place]) : std::nullopt);
  }
}

std::vector<size_t> maximal_marginal_relevance(std::span<const double> relevance, double lambda, size_t n,
                                               size_t chosen, const Alike& alike) {
  std::vector<double> likest(relevance.size(), 0);
  std::vector<double> to_one(relevance.size(), 0);
  const auto look_at = [&](size_t shown) {
    alike(shown, to_one);
    for (size_t place = 0; place < relevance.size(); ++place) likest[place] = std::max(likest[place], to_one[place]);
  };
  for (size_t shown = 0; shown < chosen; ++shown) look_at(shown);
  std::vector<size_t> order;
  std::vector<bool> is_taken(relevance.size(), false);
  while (order.size() < std::min(n, relevance.size())) {
    size_t best = relevance.size();
    double most = -INFINITY;
    for (size_t place = 0; place < relevance.size(); ++place) {
      const double value = lambda * relevance[place] - (1 - lambda) * likest[place];
      if (is_taken[place] || value <= most) continue;
      best = place;
      most = value;
    }
    is_taken[best] = true;
    order.push_back(best);
    look_at(chosen + best);
  }
  return order;
}

}  // namespace doorbuster::recs
