#include "recs/models/interactions.h"

namespace doorbuster::recs {

std::vector<uint32_t> Interactions::popularity() const {
  std::vector<uint32_t> counts(items_, 0);
  for (const ItemNumber item : list_) ++counts[item];
  return counts;
}

Interactions Interactions::newest(size_t longest) const {
  Interactions shorter;
  for (size_t user = 0; user < users(); ++user) {
    const std::span<const ItemNumber> list = (*this)[user];
    shorter.add_user(list.last(std::min(list.size(), longest)));
  }
  shorter.at_least_items(items_);
  return shorter;
}

Interactions Interactions::by_item() const {
  Interactions turned;
  turned.items_ = users();
  turned.list_.resize(list_.size());
  turned.begins_.assign(items_ + 1, 0);
  for (const ItemNumber item : list_) ++turned.begins_[item + 1];
  for (size_t i = 0; i < items_; ++i) turned.begins_[i + 1] += turned.begins_[i];
  std::vector<uint64_t> places(turned.begins_.begin(), turned.begins_.end() - 1);
  for (size_t user = 0; user < users(); ++user) {
    for (const ItemNumber item : (*this)[user]) turned.list_[places[item]++] = static_cast<ItemNumber>(user);
  }
  return turned;
}

}  // namespace doorbuster::recs
