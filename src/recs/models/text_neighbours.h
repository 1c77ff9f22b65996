// Items whose words are like those of another: how an item that nobody has bought yet finds its place among those that
// have been. Words are runs of letters and digits (bytes beyond ASCII are letters), in small letters and without a
// plural s; each weighs the more the fewer items have it, and how alike two items are is the cosine (TF-IDF: Salton,
// Buckley 1988). Attributes take part as words of their own: "brand=acme", "price=7".
//
// An item is found as soon as add() has returned. Memory: 8 bytes for each word of each item, and each different word
// once. Words that more than `common_max` items have find nobody.
//
// One thread at a time, except for near(), which any number may call while nobody adds.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "recs/models/item.h"

namespace doorbuster::recs {

class TextNeighbours {
 public:
  static constexpr size_t kWordsMax = 64;  // of one item, the first
  static constexpr size_t kCommonMax = 50'000;

  // `attributes` are words as they stand. An item is added once.
  void add(ItemNumber item, std::string_view text, std::span<const std::string> attributes = {});
  // The n that are most alike, the best first; scores lie between 0 and 1.
  [[nodiscard]] std::vector<ScoredItem> near(std::string_view text, std::span<const std::string> attributes,
                                             size_t n) const;
  [[nodiscard]] size_t items() const { return items_; }

 private:
  struct Posting {
    ItemNumber item;
    uint32_t place;  // of the item among those that were added
  };
  [[nodiscard]] std::vector<uint32_t> numbers_of(std::span<const std::string> words) const;
  [[nodiscard]] float rarity(size_t word) const;

  size_t items_ = 0;
  std::unordered_map<std::string, uint32_t> words_;
  std::vector<std::vector<Posting>> postings_;        // by word
  std::vector<std::vector<uint32_t>> words_of_item_;  // by place
};

// The words of a text, as above.
[[nodiscard]] std::vector<std::string> words_in(std::string_view text);
// "price=7": of two to the power of 7/2 and up; empty where there is no price.
[[nodiscard]] std::string price_word(double price);

}  // namespace doorbuster::recs
