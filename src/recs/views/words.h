// Words that items share (categories, brands), each as a number.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace doorbuster::recs {

class Words {
 public:
  [[nodiscard]] std::optional<uint32_t> find(std::string_view word) const {
    const auto known = numbers_.find(word);
    return known == numbers_.end() ? std::nullopt : std::optional(known->second);
  }
  uint32_t number_of(std::string_view word) {
    const auto [known, is_new] = numbers_.try_emplace(std::string(word), static_cast<uint32_t>(words_.size()));
    if (is_new) words_.push_back(known->first);
    return known->second;
  }
  [[nodiscard]] const std::string& operator[](uint32_t number) const { return words_[number]; }
  [[nodiscard]] size_t size() const { return words_.size(); }
  void clear() { *this = {}; }

 private:
  std::map<std::string, uint32_t, std::less<>> numbers_;
  std::vector<std::string> words_;
};

}  // namespace doorbuster::recs
