// How everything is counted at once of histories that nothing was counted of: at a start.
#include <algorithm>
#include <numeric>
#include <thread>
#include <utility>

#include "recs/views/recs_tables.h"

namespace doorbuster::recs {

// Items with the largest counts come first: each goes to its place at once.
void RecsTables::count_all() {
  if (std::exchange(is_counting_, true)) return;
  std::jthread viewed([this] { pairs_[1]->count(baskets()); });
  std::vector<uint64_t> weights(catalogue_.size());
  std::vector<std::pair<uint32_t, bool>> of_visitor;  // items, and whether one was bought
  for (const Visitors& known : visitors_) {
    for (const History& history : known.histories) {
      interactions_ += history.size();
      history_bytes_[static_cast<size_t>(&known - visitors_.data())] += history.bytes();
      of_visitor.clear();
      const auto count_one = [&](Timestamp at, uint32_t item, EventKind kind, bool is_of_user, uint8_t word,
                                 uint16_t country) {
        const uint64_t weight = is_of_user ? 0 : weight_of(kind, word);
        if (weight == 0) return;
        weights[item] += weight;
        recent_.add(item, at, weight);
        if (country != 0) regions_.add(country, item, at, weight);
        of_visitor.emplace_back(item, kind != EventKind::kPurchase);
      };
      history.each_newest(count_one);
      std::ranges::sort(of_visitor);
      for (size_t i = 0; i < of_visitor.size(); ++i) {
        if (i > 0 && of_visitor[i].first == of_visitor[i - 1].first) continue;
        Item& item = catalogue_.at(of_visitor[i].first);
        ++item.viewed_by;
        if (!of_visitor[i].second) ++item.bought_by;
      }
    }
  }
  for (uint32_t session = 0; session < visitors_[1].histories.size(); ++session) update_visit(session);
  std::vector<uint32_t> items(weights.size());
  std::iota(items.begin(), items.end(), 0U);
  std::ranges::sort(items, std::ranges::greater(), [&](uint32_t item) { return weights[item]; });
  for (const uint32_t item : items) {
    if (weights[item] > 0) catalogue_.grow(item, weights[item]);
  }
  pairs_[0]->count(baskets());
  new_items_.make_anew();
}

std::vector<BasketNumber> RecsTables::baskets() const {
  std::vector<BasketNumber> baskets;
  for (size_t kind = 0; kind < kVisitorKinds; ++kind) {
    const std::vector<History>& histories = visitors_[kind].histories;
    for (uint32_t visitor = 0; visitor < histories.size(); ++visitor) {
      if (!histories[visitor].empty()) baskets.push_back(basket_of(static_cast<VisitorKind>(kind), visitor));
    }
  }
  return baskets;
}

}  // namespace doorbuster::recs
