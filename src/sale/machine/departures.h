// How many of the positions up to a given one no longer wait: a Fenwick tree (Fenwick 1994) that grows at its end. Four
// bytes a position, O(log n) to note a departure, to count, and to append. Where all up to a position have departed,
// they may be forgotten: then the tree is as long as the line.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "base/assert.h"

namespace doorbuster::sale {

class Departures {
 public:
  Departures() = default;
  // Positions before `first` have departed and are forgotten.
  explicit Departures(uint32_t first) : forgotten_(first - 1) {}

  // Positions are appended in order, each one behind the one before.
  void append() {
    const auto at = static_cast<uint32_t>(tree_.size()) + 1;
    // The new node covers (at - lowest bit, at]; nobody there has left yet.
    tree_.push_back(sum(at - 1) - sum(at - lowest_bit(at)));
  }

  void note(uint32_t position) {
    ASSERT(counts(position) && position - forgotten_ <= tree_.size());
    for (uint32_t at = position - forgotten_; at <= tree_.size(); at += lowest_bit(at)) ++tree_[at - 1];
  }

  [[nodiscard]] uint32_t up_to(uint32_t position) const {
    ASSERT(position >= forgotten_ && position - forgotten_ <= tree_.size());
    return forgotten_ + sum(position - forgotten_);
  }

  // Whether it is not forgotten.
  [[nodiscard]] bool counts(uint32_t position) const { return position > forgotten_; }

  // All before `position` have departed. Nothing is done until it is worth it: the work is O(log n) a position that is
  // forgotten.
  void forget_before(uint32_t position) {
    const uint32_t gone = position - 1 - forgotten_;
    if (gone < kWorthForgetting || gone < tree_.size() / 2) return;
    Departures rest(position);
    for (uint32_t at = gone + 1; at <= tree_.size(); ++at) {
      rest.append();
      if (sum(at) != sum(at - 1)) rest.note(forgotten_ + at);
    }
    *this = std::move(rest);
  }

  [[nodiscard]] size_t size() const { return tree_.size(); }

 private:
  static constexpr uint32_t kWorthForgetting = 1'024;

  static uint32_t lowest_bit(uint32_t at) { return at & (~at + 1); }

  [[nodiscard]] uint32_t sum(uint32_t at) const {
    uint32_t count = 0;
    for (; at > 0; at -= lowest_bit(at)) count += tree_[at - 1];
    return count;
  }

  std::vector<uint32_t> tree_;  // without those that are forgotten
  uint32_t forgotten_ = 0;
};

}  // namespace doorbuster::sale
