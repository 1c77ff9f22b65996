// Who had to do with which items: a list of items for each user (or basket), the oldest first, behind each other in one
// piece of memory.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "recs/models/item.h"

namespace doorbuster::recs {

class Interactions {
 public:
  [[nodiscard]] size_t users() const { return begins_.size() - 1; }
  [[nodiscard]] size_t items() const { return items_; }  // their numbers are below
  [[nodiscard]] size_t count() const { return list_.size(); }
  [[nodiscard]] std::span<const ItemNumber> operator[](size_t user) const {
    return std::span(list_).subspan(begins_[user], begins_[user + 1] - begins_[user]);
  }

  void add_user(std::span<const ItemNumber> list) {
    list_.insert(list_.end(), list.begin(), list.end());
    begins_.push_back(list_.size());
    for (const ItemNumber item : list) items_ = std::max<size_t>(items_, size_t{item} + 1);
  }
  // Numbers below this are items, whether anybody had to do with them or not.
  void at_least_items(size_t items) { items_ = std::max(items_, items); }

  // By item: the users that had to do with it, in their order.
  [[nodiscard]] Interactions by_item() const;
  // Of each user no more than the last `longest`: somebody with a million items is worth no more than that.
  [[nodiscard]] Interactions newest(size_t longest) const;
  // How many users had to do with each item.
  [[nodiscard]] std::vector<uint32_t> popularity() const;

 private:
  size_t items_ = 0;
  std::vector<ItemNumber> list_;
  std::vector<uint64_t> begins_ = {0};
};

}  // namespace doorbuster::recs
