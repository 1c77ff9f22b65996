// The few items that a filter can accept at all, by the lists of brands and categories that the catalogue has.
#include <algorithm>

#include "recs/views/filter.h"

namespace doorbuster::recs {
namespace {

constexpr size_t kAnyNumber = SIZE_MAX;

std::span<const uint32_t> in_category(const Catalogue& items, std::string_view name) {
  const auto category = items.words().find(name);
  return category ? items.popular_in(*category) : std::span<const uint32_t>();
}

}  // namespace

// How many they are at most.
size_t Filter::bound(uint32_t index, const Catalogue& items) const {
  const Node& node = nodes_[index];
  if (node.kind == Kind::kAnd) return std::min(bound(node.left, items), bound(node.right, items));
  if (node.kind == Kind::kOr) {
    const size_t left = bound(node.left, items), right = bound(node.right, items);
    return left == kAnyNumber || right == kAnyNumber ? kAnyNumber : left + right;
  }
  const bool is_listed = node.field == Field::kBrand || node.field == Field::kCategory;
  if (node.kind != Kind::kCompare || node.op != Operator::kEqual || !is_listed) return kAnyNumber;
  size_t sum = 0;
  for (const Value& value : node.values) {
    const auto& name = std::get<std::string>(value);
    sum += node.field == Field::kBrand ? items.of_brand(name).size() : in_category(items, name).size();
  }
  return sum;
}

// Of a node that has a bound.
void Filter::collect(uint32_t index, const Catalogue& items, std::vector<uint32_t>& into) const {
  const Node& node = nodes_[index];
  if (node.kind == Kind::kAnd) {
    const bool is_left = bound(node.left, items) <= bound(node.right, items);
    return collect(is_left ? node.left : node.right, items, into);
  }
  if (node.kind == Kind::kOr) {
    collect(node.left, items, into);
    return collect(node.right, items, into);
  }
  for (const Value& value : node.values) {
    const auto& name = std::get<std::string>(value);
    const auto listed = node.field == Field::kBrand ? items.of_brand(name) : in_category(items, name);
    into.insert(into.end(), listed.begin(), listed.end());
  }
}

std::optional<std::vector<uint32_t>> Filter::among(const Catalogue& items, size_t most) const {
  if (bound(root_, items) > most) return std::nullopt;
  std::vector<uint32_t> found;
  collect(root_, items, found);
  std::ranges::sort(found);
  found.erase(std::ranges::unique(found).begin(), found.end());
  return found;
}

}  // namespace doorbuster::recs
