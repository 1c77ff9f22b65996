// Items whose words are like those of another: how an item that nobody has bought yet finds its place among those that
// have been. Words are runs of letters and digits (bytes beyond ASCII are letters), in small letters and without a
// plural s; each weighs the more the fewer items have it, and how alike two items are is the cosine (TF-IDF: Salton,
// Buckley 1988). Attributes take part as words of their own: "brand=acme", "price=7".
//
// Items come, change and go one at a time; each is found as soon as put() has returned, and what is left after a
// removal is what would be there if it had never come. Memory: 8 bytes for each word of each item, and each different
// word once, as long as an item has it. A search goes through the items of rare words first, as
// many as it is told to; words that more than kCommonMax items have find nobody.
//
// One thread at a time, except for near() and alike(), which any number may call while nothing changes.
#pragma once

#include <cstdint>
#include <functional>
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
  static constexpr size_t kLookedAt = 50'000;  // words of items
  using Accept = std::function<bool(ItemNumber)>;

  // `attributes` are words as they stand. Replaces what the item had.
  void put(ItemNumber item, std::string_view text, std::span<const std::string> attributes = {});
  void remove(ItemNumber item);
  // The n that are most alike, of those that are accepted, the best first; scores lie between 0 and 1.
  [[nodiscard]] std::vector<ScoredItem> near(std::string_view text, std::span<const std::string> attributes, size_t n,
                                             const Accept& accept = {}, size_t looked_at = kLookedAt) const;
  // The same for an item that is here; it is not among them.
  [[nodiscard]] std::vector<ScoredItem> near(ItemNumber item, size_t n, const Accept& accept = {},
                                             size_t looked_at = kLookedAt) const;
  [[nodiscard]] float alike(ItemNumber a, ItemNumber b) const;

  [[nodiscard]] bool has(ItemNumber item) const { return item < words_of_.size() && !words_of_[item].empty(); }
  [[nodiscard]] size_t items() const { return items_; }  // that have words
  [[nodiscard]] size_t words() const { return numbers_.size(); }
  [[nodiscard]] size_t memory() const;

 private:
  using Numbers = std::vector<uint32_t>;  // of words, in order
  struct Word {
    const std::string* text = nullptr;  // null: the number is free
    std::vector<ItemNumber> items;      // in order
  };
  [[nodiscard]] Numbers known_of(std::span<const std::string> words) const;
  uint32_t number_of(const std::string& word);
  [[nodiscard]] float weight(uint32_t word) const;
  [[nodiscard]] float weight(const Numbers& words) const;
  [[nodiscard]] std::vector<ScoredItem> near(const Numbers& words, size_t n, const Accept& accept,
                                             size_t looked_at) const;
  [[nodiscard]] std::vector<ScoredItem> products_with(const Numbers& words, size_t looked_at_max) const;

  size_t items_ = 0;
  size_t places_ = 0;  // words of items
  std::unordered_map<std::string, uint32_t> numbers_;
  std::vector<Word> words_;  // by number
  std::vector<uint32_t> free_;
  std::vector<Numbers> words_of_;  // by item
};

// The words of a text, as above.
[[nodiscard]] std::vector<std::string> words_in(std::string_view text);
// "price=7": of two to the power of 7/2 and up; empty where there is no price.
[[nodiscard]] std::string price_word(double price);

}  // namespace doorbuster::recs
