// The files of the sessions task: a session a line, its items in order of time, the sessions in order of time; and for
// the test a prefix of a session, a tab, the item that came next.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "recs/evaluation/item_names.h"

namespace doorbuster::recs {

// Lists of items behind each other in one piece of memory.
struct ItemLists {
  std::vector<ItemNumber> items;
  std::vector<uint64_t> begins = {0};

  [[nodiscard]] size_t size() const { return begins.size() - 1; }
  [[nodiscard]] std::span<const ItemNumber> operator[](size_t i) const {
    return std::span(items).subspan(begins[i], begins[i + 1] - begins[i]);
  }
  void end_list() { begins.push_back(items.size()); }
};

struct Prefixes {
  ItemLists prefixes;
  std::vector<ItemNumber> next;  // of each prefix
};

// kInvalid if there is no session, or a line without an item.
[[nodiscard]] Result<ItemLists> read_sessions(const std::string& path, ItemNames& names);
// Items that training has not seen get numbers behind those of training.
[[nodiscard]] Result<Prefixes> read_prefixes(const std::string& path, ItemNames& names);

}  // namespace doorbuster::recs
