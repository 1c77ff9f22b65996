// How many of the positions up to a given one no longer wait: a Fenwick tree (Fenwick 1994) that grows at its end. Four
// bytes a position, O(log n) to note a departure, to count, and to append.
#pragma once

#include <cstdint>
#include <vector>

#include "base/assert.h"

namespace doorbuster::sale {

class Departures {
 public:
  // Positions are appended in order: 1, 2, 3, ...
  void append() {
    const auto position = static_cast<uint32_t>(tree_.size()) + 1;
    // The new node covers (position - lowest bit, position]; nobody at `position` has left yet.
    tree_.push_back(up_to(position - 1) - up_to(position - lowest_bit(position)));
  }

  void note(uint32_t position) {
    ASSERT(position >= 1 && position <= tree_.size());
    for (; position <= tree_.size(); position += lowest_bit(position)) ++tree_[position - 1];
  }

  [[nodiscard]] uint32_t up_to(uint32_t position) const {
    ASSERT(position <= tree_.size());
    uint32_t count = 0;
    for (; position > 0; position -= lowest_bit(position)) count += tree_[position - 1];
    return count;
  }

  [[nodiscard]] size_t size() const { return tree_.size(); }

 private:
  static uint32_t lowest_bit(uint32_t position) { return position & (~position + 1); }

  std::vector<uint32_t> tree_;
};

}  // namespace doorbuster::sale
