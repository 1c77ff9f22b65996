#include "recs/models/text_neighbours.h"

#include <algorithm>
#include <cmath>

#include "recs/models/top_items.h"

namespace doorbuster::recs {
namespace {

char letter_of(char c) {
  if (c >= 'A' && c <= 'Z') return static_cast<char>(c - 'A' + 'a');
  const bool is_letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80;
  return is_letter ? c : '\0';
}

void end_word(std::string& word, std::vector<std::string>& words) {
  if (word.size() > 3 && word.ends_with('s') && !word.ends_with("ss")) word.pop_back();
  if (!word.empty()) words.push_back(word);
  word.clear();
}

std::vector<std::string> all_words(std::string_view text, std::span<const std::string> attributes) {
  std::vector<std::string> words = words_in(text);
  std::ranges::copy_if(attributes, std::back_inserter(words), [](const std::string& word) { return !word.empty(); });
  if (words.size() > TextNeighbours::kWordsMax) words.resize(TextNeighbours::kWordsMax);
  return words;
}

}  // namespace

std::vector<std::string> words_in(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  for (const char c : text) {
    if (const char letter = letter_of(c); letter != '\0') {
      word += letter;
    } else {
      end_word(word, words);
    }
  }
  end_word(word, words);
  return words;
}

std::string price_word(double price) {
  if (!(price > 0)) return {};
  return "price=" + std::to_string(static_cast<int>(std::floor(2 * std::log2(price))));
}

std::vector<uint32_t> TextNeighbours::numbers_of(std::span<const std::string> words) const {
  std::vector<uint32_t> numbers;
  for (const std::string& word : words) {
    if (const auto found = words_.find(word); found != words_.end()) numbers.push_back(found->second);
  }
  std::ranges::sort(numbers);
  numbers.erase(std::ranges::unique(numbers).begin(), numbers.end());
  return numbers;
}

void TextNeighbours::add(ItemNumber item, std::string_view text, std::span<const std::string> attributes) {
  const std::vector<std::string> words = all_words(text, attributes);
  for (const std::string& word : words) {
    if (words_.try_emplace(word, static_cast<uint32_t>(postings_.size())).second) postings_.emplace_back();
  }
  std::vector<uint32_t> numbers = numbers_of(words);
  for (const uint32_t word : numbers) postings_[word].push_back({item, static_cast<uint32_t>(items_)});
  words_of_item_.push_back(std::move(numbers));
  ++items_;
}

float TextNeighbours::rarity(size_t word) const {
  return std::log(1 + static_cast<float>(items_) / static_cast<float>(1 + postings_[word].size()));
}

std::vector<ScoredItem> TextNeighbours::near(std::string_view text, std::span<const std::string> attributes,
                                             size_t n) const {
  const std::vector<uint32_t> words = numbers_of(all_words(text, attributes));
  std::unordered_map<uint32_t, std::pair<ItemNumber, float>> products;
  float own = 0;
  for (const uint32_t word : words) {
    const float weight = rarity(word) * rarity(word);
    own += weight;
    if (postings_[word].size() > kCommonMax) continue;
    for (const Posting& posting : postings_[word]) {
      auto& [item, sum] = products[posting.place];
      item = posting.item;
      sum += weight;
    }
  }
  std::vector<ScoredItem> best;
  for (const auto& [place, product] : products) {
    float other = 0;
    for (const uint32_t word : words_of_item_[place]) other += rarity(word) * rarity(word);
    best.push_back({product.first, product.second / std::sqrt(own * other)});
  }
  keep_best(best, n);
  return best;
}

}  // namespace doorbuster::recs
