// The items that there are: what the shop says of each, and how much is done with it.
#pragma once

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "recs/views/item_content.h"
#include "recs/views/number_index.h"
#include "recs/views/ranked_counts.h"
#include "recs/views/words.h"

namespace doorbuster::recs {

struct Item {
  std::string name;
  Content content;
  std::vector<uint32_t> categories;  // words
  Timestamp since;                   // published, or first heard of
  bool is_put = false;               // by the shop; else events have named it
  bool is_removed = false;
  uint32_t bought_by = 0;  // visitors whose history has it
  uint32_t viewed_by = 0;  // in any way

  [[nodiscard]] bool may_be_shown() const { return !is_removed && content.in_stock; }
};

class Catalogue {
 public:
  [[nodiscard]] size_t size() const { return items_.size(); }
  [[nodiscard]] std::optional<uint32_t> find(const NameHash& hash) const { return index_.find(hash); }
  [[nodiscard]] const Item& operator[](uint32_t item) const { return items_[item]; }
  [[nodiscard]] const NameHash& hash_of(uint32_t item) const { return index_.at(item); }
  // Of those of which the shop says that this sale sells them, the one that was heard of first.
  [[nodiscard]] std::optional<uint32_t> sold_by(std::string_view sale) const;
  // Whether the shop has said anything of any item.
  [[nodiscard]] bool has_put() const {
    return std::ranges::any_of(items_, [](const Item& item) { return item.is_put; });
  }
  [[nodiscard]] const Words& words() const { return words_; }

  // About.
  [[nodiscard]] size_t bytes() const { return items_.capacity() * kItemBytes + content_bytes_; }

  // --- Orders, each of all items or of those in a category. ---
  [[nodiscard]] std::span<const uint32_t> popular() const { return popular_.items(); }
  // By the number of its word.
  [[nodiscard]] std::span<const uint32_t> popular_in(uint32_t category) const {
    return category < in_category_.size() ? in_category_[category].items() : std::span<const uint32_t>();
  }
  // In the order of their numbers.
  [[nodiscard]] std::span<const uint32_t> of_brand(std::string_view brand) const {
    const auto found = of_brand_.find(brand);
    return found == of_brand_.end() ? std::span<const uint32_t>() : std::span<const uint32_t>(found->second);
  }
  [[nodiscard]] uint64_t popularity_of(uint32_t item) const { return popular_.count_of(item); }
  // The oldest first.
  [[nodiscard]] const std::set<std::pair<Timestamp, uint32_t>>& by_age() const { return by_age_; }

  // --- Changes. ---
  void name(const ItemNamed& event, Timestamp at);
  void put(uint32_t item, Content content);
  void remove(uint32_t item);
  void set_stock(uint32_t item, bool in_stock) { items_[item].content.in_stock = in_stock; }
  void grow(uint32_t item, uint64_t weight);
  void shrink(uint32_t item, uint64_t weight);
  [[nodiscard]] Item& at(uint32_t item) { return items_[item]; }
  void clear() { *this = {}; }

 private:
  // Itself, its hash and its place in the index, and its places in the orders of all items.
  static constexpr size_t kItemBytes = sizeof(Item) + sizeof(NameHash) + 12 + 64 + 56;

  void set_content(Item& item, Content content);
  void leave(uint32_t item);
  void enter(uint32_t item);
  void leave_brand(uint32_t item);
  void enter_brand(uint32_t item);
  void leave_categories(uint32_t item);
  void enter_categories(uint32_t item);
  void set_since(uint32_t item, Timestamp since);

  std::vector<Item> items_;
  size_t content_bytes_ = 0;  // of names, and of what the shop says
  NumberIndex index_;
  Words words_;
  RankedCounts popular_;
  std::vector<RankedCounts> in_category_;  // by word
  std::set<std::pair<Timestamp, uint32_t>> by_age_;
  std::set<std::pair<std::string, uint32_t>> by_sale_;
  std::map<std::string, std::vector<uint32_t>, std::less<>> of_brand_;
};

}  // namespace doorbuster::recs
