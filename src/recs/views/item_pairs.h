// Which items go together: for each two of them, how many visitors have bought both, and how many have looked at both.
//
// Counts go up and down by one, so that what is taken back leaves nothing.
#pragma once

#include <unordered_map>
#include <vector>

#include "base/assert.h"

namespace doorbuster::recs {

enum class PairKind : uint8_t { kBought, kViewed };
inline constexpr size_t kPairKinds = 2;

class ItemPairs {
 public:
  using Neighbours = std::unordered_map<uint32_t, uint32_t>;

  // The other items, with how many have both.
  [[nodiscard]] const Neighbours& of(uint32_t item) const {
    static const Neighbours kNone;
    return item < neighbours_.size() ? neighbours_[item] : kNone;
  }
  void add(uint32_t a, uint32_t b) {
    ASSERT(a != b);
    grow_to(std::max(a, b));
    ++neighbours_[a][b];
    ++neighbours_[b][a];
    ++size_;
  }
  void remove(uint32_t a, uint32_t b) {
    remove_one(a, b);
    remove_one(b, a);
    --size_;
  }
  [[nodiscard]] uint64_t size() const { return size_; }
  void clear() { *this = {}; }
  bool operator==(const ItemPairs& other) const {
    const size_t longest = std::max(neighbours_.size(), other.neighbours_.size());
    for (uint32_t item = 0; item < longest; ++item) {
      if (of(item) != other.of(item)) return false;
    }
    return true;
  }

 private:
  void grow_to(uint32_t item) {
    if (item >= neighbours_.size()) neighbours_.resize(size_t{item} + 1);
  }
  void remove_one(uint32_t a, uint32_t b) {
    const auto found = neighbours_[a].find(b);
    ASSERT(found != neighbours_[a].end());
    if (--found->second == 0) neighbours_[a].erase(found);
  }

  std::vector<Neighbours> neighbours_;  // by item
  uint64_t size_ = 0;
};

}  // namespace doorbuster::recs
