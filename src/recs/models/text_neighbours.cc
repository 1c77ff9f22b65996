#include "recs/models/text_neighbours.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <utility>

#include "recs/models/best_of.h"

namespace doorbuster::recs {
namespace {

// A heap has the best in front by it.
struct WorseItem {
  bool operator()(const ScoredItem& a, const ScoredItem& b) const { return BetterItem()(b, a); }
};

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

TextNeighbours::Numbers TextNeighbours::known_of(std::span<const std::string> words) const {
  Numbers numbers;
  for (const std::string& word : words) {
    if (const auto found = numbers_.find(word); found != numbers_.end()) numbers.push_back(found->second);
  }
  std::ranges::sort(numbers);
  numbers.erase(std::ranges::unique(numbers).begin(), numbers.end());
  return numbers;
}

uint32_t TextNeighbours::number_of(const std::string& word) {
  const auto [known, is_new] = numbers_.try_emplace(word, 0);
  if (!is_new) return known->second;
  if (free_.empty()) {
    known->second = static_cast<uint32_t>(words_.size());
    words_.emplace_back();
  } else {
    known->second = free_.back();
    free_.pop_back();
  }
  words_[known->second].text = &known->first;
  return known->second;
}

void TextNeighbours::put(ItemNumber item, std::string_view text, std::span<const std::string> attributes) {
  remove(item);
  Numbers numbers;
  for (const std::string& word : all_words(text, attributes)) numbers.push_back(number_of(word));
  if (numbers.empty()) return;
  std::ranges::sort(numbers);
  numbers.erase(std::ranges::unique(numbers).begin(), numbers.end());
  numbers.shrink_to_fit();
  for (const uint32_t number : numbers) {
    std::vector<ItemNumber>& items = words_[number].items;
    items.insert(std::ranges::lower_bound(items, item), item);
  }
  if (item >= words_of_.size()) words_of_.resize(size_t{item} + 1);
  places_ += numbers.size();
  ++items_;
  words_of_[item] = std::move(numbers);
}

void TextNeighbours::remove(ItemNumber item) {
  if (!has(item)) return;
  const Numbers numbers = std::exchange(words_of_[item], {});
  for (const uint32_t number : numbers) {
    Word& word = words_[number];
    word.items.erase(std::ranges::lower_bound(word.items, item));
    if (!word.items.empty()) continue;
    numbers_.erase(*word.text);
    word = {};
    free_.push_back(number);
  }
  places_ -= numbers.size();
  --items_;
}

float TextNeighbours::weight(uint32_t word) const {
  const float rarity = std::log(1 + static_cast<float>(items_) / static_cast<float>(1 + words_[word].items.size()));
  return rarity * rarity;
}

float TextNeighbours::weight(const Numbers& words) const {
  float sum = 0;
  for (const uint32_t word : words) sum += weight(word);
  return sum;
}

// What the items that have any of the words have in common with them. Items are few among all, so they are counted in a
// table as large as they can be many.
std::vector<ScoredItem> TextNeighbours::products_with(const Numbers& words, size_t looked_at_max) const {
  std::vector<uint32_t> rare_first = words;
  std::ranges::stable_sort(rare_first, {}, [&](uint32_t word) { return words_[word].items.size(); });
  size_t looked_at = 0, used = 0;
  for (; used < rare_first.size(); ++used) {
    const size_t more = words_[rare_first[used]].items.size();
    if (more > kCommonMax || looked_at + more > looked_at_max) break;
    looked_at += more;
  }
  const size_t size = std::bit_ceil(2 * looked_at + 1);
  std::vector<ScoredItem> table(size, {kNoItem, 0});
  for (const uint32_t word : std::span(rare_first).first(used)) {
    const float of_word = weight(word);
    for (const ItemNumber item : words_[word].items) {
      size_t place = (item * size_t{0x9E3779B1}) & (size - 1);
      while (table[place].item != kNoItem && table[place].item != item) place = (place + 1) & (size - 1);
      table[place].item = item;
      table[place].score += of_word;
    }
  }
  std::erase_if(table, [](const ScoredItem& each) { return each.item == kNoItem; });
  return table;
}

// A cosine is product / sqrt(own * other), and an item weighs at least what it has in common: sqrt(product / own) is
// the most that it can be, and the search ends where that is too little.
std::vector<ScoredItem> TextNeighbours::near(const Numbers& words, size_t n, const Accept& accept,
                                             size_t looked_at) const {
  const float own = weight(words);
  std::vector<ScoredItem> products = products_with(words, looked_at);
  std::ranges::make_heap(products, WorseItem());
  BestOf best(n);
  while (!products.empty()) {
    std::ranges::pop_heap(products, WorseItem());
    const auto [item, product] = products.back();
    products.pop_back();
    if (!best.would_take({item, std::sqrt(product / own)})) break;
    if (accept && !accept(item)) continue;
    best.offer({item, product / std::sqrt(own * weight(words_of_[item]))});
  }
  return std::move(best).sorted();
}

std::vector<ScoredItem> TextNeighbours::near(std::string_view text, std::span<const std::string> attributes, size_t n,
                                             const Accept& accept, size_t looked_at) const {
  return near(known_of(all_words(text, attributes)), n, accept, looked_at);
}

std::vector<ScoredItem> TextNeighbours::near(ItemNumber item, size_t n, const Accept& accept, size_t looked_at) const {
  if (!has(item)) return {};
  const auto accept_others = [&](ItemNumber other) { return other != item && (!accept || accept(other)); };
  return near(words_of_[item], n, accept_others, looked_at);
}

float TextNeighbours::alike(ItemNumber a, ItemNumber b) const {
  if (!has(a) || !has(b)) return 0;
  Numbers shared;
  std::ranges::set_intersection(words_of_[a], words_of_[b], std::back_inserter(shared));
  if (shared.empty()) return 0;
  return weight(shared) / std::sqrt(weight(words_of_[a]) * weight(words_of_[b]));
}

// Of a word in a hash table about 64 bytes, beside its letters where they are many.
size_t TextNeighbours::memory() const {
  constexpr size_t kBytesAWord = 64;
  size_t bytes = words_of_.capacity() * sizeof(Numbers) + places_ * sizeof(uint32_t) + words_.capacity() * sizeof(Word);
  for (const Word& word : words_) bytes += word.items.capacity() * sizeof(ItemNumber);
  return bytes + numbers_.size() * kBytesAWord + free_.capacity() * sizeof(uint32_t);
}

}  // namespace doorbuster::recs
