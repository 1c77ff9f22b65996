#include "recs/api/recommended_lately.h"

#include <algorithm>
#include <unordered_set>

namespace doorbuster::recs {
namespace {

constexpr int64_t kSecondsOfDay = 86'400;

double share(uint64_t part, uint64_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

std::unordered_set<uint32_t> most_popular(const Catalogue& items) {
  const auto popular = items.popular();
  const auto hundredth = popular.first((popular.size() + 99) / 100);
  return {hundredth.begin(), hundredth.end()};
}

// Of items that nobody did anything with there is nothing to be more popular than.
uint64_t popularity_of(const Catalogue& items, const std::unordered_set<uint32_t>& some) {
  uint64_t sum = 0;
  for (const uint32_t item : some) sum += items.popularity_of(item);
  return sum;
}

void look_at_catalogue(const Catalogue& items, Timestamp new_since, const std::unordered_set<uint32_t>& popular,
                       RecommendedLately& lately) {
  const size_t step = std::max<size_t>(1, items.size() / RecommendedLately::kSampledItems);
  uint64_t shown = 0;
  uint64_t fresh = 0;
  uint64_t others = 0;  // how popular the items are that are not among the most popular ones
  for (uint32_t item = 0; item < items.size(); item += static_cast<uint32_t>(step)) {
    if (!popular.contains(item)) others += items.popularity_of(item);
    if (!items[item].may_be_shown()) continue;
    ++shown;
    fresh += items[item].since >= new_since ? 1 : 0;
  }
  lately.items_shown = shown * step;
  lately.new_share_of_items = share(fresh, shown);
  const uint64_t theirs = popularity_of(items, popular);
  lately.popular_share_of_interactions = share(theirs, theirs + others * step);
}

}  // namespace

RecommendedLately recommended_lately(const RecsTables& tables, const GivenAnswers& given, Timestamp now) {
  const Catalogue& items = tables.catalogue();
  const Timestamp new_since = now - Duration::seconds(RecommendedLately::kNewDays * kSecondsOfDay);
  const std::unordered_set<uint32_t> popular = most_popular(items);
  RecommendedLately lately;
  look_at_catalogue(items, new_since, popular, lately);
  std::unordered_set<uint32_t> seen;
  uint64_t of_popular = 0;
  uint64_t of_new = 0;
  given.each([&](const GivenAnswer& answer) {
    ++lately.answers;
    lately.since = std::min(lately.since.value_or(answer.at), answer.at);
    for (const Recommended& one : answer.items) {
      ++lately.places;
      ++lately.by_source[static_cast<size_t>(one.source)];
      seen.insert(one.item);
      of_popular += popular.contains(one.item) ? 1 : 0;
      of_new += items[one.item].since >= new_since ? 1 : 0;
    }
  });
  lately.items = seen.size();
  lately.popular_share = share(of_popular, lately.places);
  lately.new_share = share(of_new, lately.places);
  return lately;
}

}  // namespace doorbuster::recs
