// The numbers of items (or users) by the words that stand for them in a file: dense, in the order of their first
// appearance.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "recs/models/item.h"

namespace doorbuster::recs {

class ItemNames {
 public:
  [[nodiscard]] size_t size() const { return names_.size(); }
  [[nodiscard]] const std::string& name_of(ItemNumber item) const { return names_[item]; }

  ItemNumber number_of(std::string_view name) {
    const auto found = numbers_.find(name);
    if (found != numbers_.end()) return found->second;
    names_.emplace_back(name);
    const auto number = static_cast<ItemNumber>(names_.size() - 1);
    numbers_.emplace(names_.back(), number);
    return number;
  }

  [[nodiscard]] std::optional<ItemNumber> find(std::string_view name) const {
    const auto found = numbers_.find(name);
    return found == numbers_.end() ? std::nullopt : std::optional(found->second);
  }

 private:
  std::deque<std::string> names_;  // their addresses stay
  std::unordered_map<std::string_view, ItemNumber> numbers_;
};

}  // namespace doorbuster::recs
