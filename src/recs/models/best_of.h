// The n best of many scored items; of two that score the same the one with the lower number, so that the order in which
// they come does not matter.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "recs/models/item.h"

namespace doorbuster::recs {

class BestOf {
 public:
  explicit BestOf(size_t n) : n_(n) { heap_.reserve(std::min(n, kReserved)); }

  [[nodiscard]] bool would_take(const ScoredItem& item) const {
    return heap_.size() < n_ || (n_ > 0 && BetterItem()(item, heap_.front()));
  }
  void offer(const ScoredItem& item) {
    if (!would_take(item)) return;
    if (heap_.size() == n_) {
      std::ranges::pop_heap(heap_, BetterItem());
      heap_.pop_back();
    }
    heap_.push_back(item);
    std::ranges::push_heap(heap_, BetterItem());
  }
  [[nodiscard]] std::vector<ScoredItem> sorted() && {
    std::ranges::sort_heap(heap_, BetterItem());
    return std::move(heap_);
  }

 private:
  static constexpr size_t kReserved = 128;
  const size_t n_;
  std::vector<ScoredItem> heap_;  // the worst in front
};

}  // namespace doorbuster::recs
