// Kinds of event that are the shop's own ("wishlist"): each by its name, as long as there are no more than so many, and
// what it counts in popularity and pairs. What came beyond that many is kept without a name and counts as nothing.
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "base/result.h"

namespace doorbuster::recs {

class OwnKinds {
 public:
  static constexpr size_t kMost = 63;
  static constexpr uint64_t kWeightMax = 100;
  using Weights = std::map<std::string, uint64_t, std::less<>>;

  OwnKinds() = default;
  explicit OwnKinds(Weights weights) : weights_(std::move(weights)) {}
  // Of "wishlist=2" and so on, that were checked.
  [[nodiscard]] static OwnKinds parse(const std::vector<std::string>& texts);
  // kInvalid: it is no word of an own kind, '=' and a weight.
  [[nodiscard]] static Result<void> check(std::string_view text);

  // From 1; 0 where there are as many as there may be.
  [[nodiscard]] uint8_t number_of(std::string_view name) {
    const auto known = std::ranges::find(names_, name);
    if (known != names_.end()) return static_cast<uint8_t>(known - names_.begin() + 1);
    if (names_.size() == kMost) return 0;
    names_.emplace_back(name);
    const auto weight = weights_.find(name);
    weights_by_number_.push_back(weight == weights_.end() ? 0 : weight->second);
    return static_cast<uint8_t>(names_.size());
  }
  [[nodiscard]] uint64_t weight(uint8_t number) const {
    return number == 0 || number > names_.size() ? 0 : weights_by_number_[number - 1U];
  }
  // Empty for 0.
  [[nodiscard]] std::string_view name(uint8_t number) const {
    return number == 0 || number > names_.size() ? std::string_view() : names_[number - 1U];
  }
  [[nodiscard]] const std::vector<std::string>& names() const { return names_; }
  void clear_names() {
    names_.clear();
    weights_by_number_.clear();
  }

 private:
  Weights weights_;
  std::vector<std::string> names_;  // in the order in which they came
  std::vector<uint64_t> weights_by_number_;
};

}  // namespace doorbuster::recs
