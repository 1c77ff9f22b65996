#include "recs/views/catalogue.h"

#include <utility>

namespace doorbuster::recs {
namespace {

// Beyond the item itself; a node of a map takes about 48.
size_t bytes_beside(const Content& content) {
  constexpr size_t kNode = 48;
  size_t all = content.brand.capacity() + content.title.capacity() + content.text.capacity() + content.url.capacity() +
               content.image.capacity();
  for (const std::string& category : content.categories) all += sizeof category + category.capacity();
  for (const auto& [name, value] : content.attributes) all += kNode + sizeof name + sizeof value + name.capacity();
  for (const auto& [name, values] : content.vectors) all += kNode + sizeof values + values.capacity() * sizeof(float);
  return all;
}

}  // namespace

void Catalogue::name(const ItemNamed& event, Timestamp at) {
  ASSERT(event.item == items_.size());
  items_.push_back({.name = std::string(event.name), .since = at});
  content_bytes_ += items_.back().name.capacity() + bytes_beside(items_.back().content);
  index_.add(event.item, event.hash);
  popular_.add(event.item);
  by_age_.emplace(at, event.item);
}

std::optional<uint32_t> Catalogue::sold_by(std::string_view sale) const {
  if (by_sale_.empty()) return std::nullopt;
  const auto first = by_sale_.lower_bound({std::string(sale), 0});
  return first != by_sale_.end() && first->first == sale ? std::optional(first->second) : std::nullopt;
}

void Catalogue::put(uint32_t item, Content content) {
  leave(item);
  Item& known = items_[item];
  set_content(known, std::move(content));
  known.is_put = true;
  known.is_removed = false;
  enter(item);
  if (known.content.published_at) set_since(item, *known.content.published_at);
}

void Catalogue::set_content(Item& item, Content content) {
  content_bytes_ -= bytes_beside(item.content);
  item.content = std::move(content);
  content_bytes_ += bytes_beside(item.content);
}

// Its number stays, and what was done with it: events of former visitors may still name it.
void Catalogue::remove(uint32_t item) {
  leave(item);
  set_content(items_[item], {});
  items_[item].is_removed = true;
}

void Catalogue::grow(uint32_t item, uint64_t weight) {
  popular_.grow(item, weight);
  for (const uint32_t category : items_[item].categories) in_category_[category].grow(item, weight);
}

void Catalogue::shrink(uint32_t item, uint64_t weight) {
  popular_.shrink(item, weight);
  for (const uint32_t category : items_[item].categories) in_category_[category].shrink(item, weight);
}

void Catalogue::leave(uint32_t item) {
  leave_categories(item);
  leave_brand(item);
  for (const std::string& sale : items_[item].content.sales) by_sale_.erase({sale, item});
}

void Catalogue::enter(uint32_t item) {
  enter_categories(item);
  enter_brand(item);
  for (const std::string& sale : items_[item].content.sales) by_sale_.emplace(sale, item);
}

void Catalogue::leave_brand(uint32_t item) {
  const auto brand = of_brand_.find(items_[item].content.brand);
  if (brand == of_brand_.end()) return;
  brand->second.erase(std::ranges::lower_bound(brand->second, item));
  if (brand->second.empty()) of_brand_.erase(brand);
}

void Catalogue::enter_brand(uint32_t item) {
  const std::string& brand = items_[item].content.brand;
  if (brand.empty()) return;
  std::vector<uint32_t>& items = of_brand_[brand];
  items.insert(std::ranges::lower_bound(items, item), item);
}

void Catalogue::leave_categories(uint32_t item) {
  for (const uint32_t category : std::exchange(items_[item].categories, {})) in_category_[category].remove(item);
}

void Catalogue::enter_categories(uint32_t item) {
  for (const std::string& word : items_[item].content.categories) {
    const uint32_t category = words_.number_of(word);
    if (category >= in_category_.size()) in_category_.resize(size_t{category} + 1);
    in_category_[category].grow(item, popular_.count_of(item));
    items_[item].categories.push_back(category);
  }
}

void Catalogue::set_since(uint32_t item, Timestamp since) {
  by_age_.erase({items_[item].since, item});
  items_[item].since = since;
  by_age_.emplace(since, item);
}

}  // namespace doorbuster::recs
