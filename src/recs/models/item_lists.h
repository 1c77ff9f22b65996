// Lists of items behind each other in one piece of memory: sessions, baskets, histories.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "recs/models/item.h"

namespace doorbuster::recs {

struct ItemLists {
  std::vector<ItemNumber> items;
  std::vector<uint64_t> begins = {0};

  [[nodiscard]] size_t size() const { return begins.size() - 1; }
  [[nodiscard]] std::span<const ItemNumber> operator[](size_t i) const {
    return std::span(items).subspan(begins[i], begins[i + 1] - begins[i]);
  }
  void end_list() { begins.push_back(items.size()); }
};

}  // namespace doorbuster::recs
