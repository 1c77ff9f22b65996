#include "recs/models/head_items.h"

#include <algorithm>
#include <numeric>

namespace doorbuster::recs {

HeadItems head_items(const Interactions& users, std::span<const RecommendationCase> cases, size_t count) {
  const std::vector<uint32_t> popularity = users.popularity();
  std::vector<ItemNumber> order(popularity.size());
  std::iota(order.begin(), order.end(), 0U);
  std::ranges::stable_sort(order, [&](ItemNumber a, ItemNumber b) { return popularity[a] > popularity[b]; });
  order.resize(std::min(order.size(), count));
  std::vector<ItemNumber> numbers(popularity.size(), kNoItem);
  for (size_t i = 0; i < order.size(); ++i) numbers[order[i]] = static_cast<ItemNumber>(i);
  const auto renumbered = [&](std::span<const ItemNumber> list) {
    std::vector<ItemNumber> kept;
    for (const ItemNumber item : list) {
      if (item < numbers.size() && numbers[item] != kNoItem) kept.push_back(numbers[item]);
    }
    return kept;
  };
  HeadItems head;
  for (size_t user = 0; user < users.users(); ++user) head.users.add_user(renumbered(users[user]));
  head.users.at_least_items(order.size());
  for (const RecommendationCase& one : cases) {
    RecommendationCase kept{
        .given = renumbered(one.given), .history = renumbered(one.history), .wanted = renumbered(one.wanted)};
    if (!kept.given.empty() && !kept.wanted.empty()) head.cases.push_back(std::move(kept));
  }
  return head;
}

}  // namespace doorbuster::recs
