// The files of the sessions task: a session a line, its items in order of time, the sessions in order of time; and for
// the test a prefix of a session, a tab, the item that came next.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "recs/evaluation/item_names.h"
#include "recs/models/item_lists.h"

namespace doorbuster::recs {

struct Prefixes {
  ItemLists prefixes;
  std::vector<ItemNumber> next;  // of each prefix
};

// kInvalid if there is no session, or a line without an item.
[[nodiscard]] Result<ItemLists> read_sessions(const std::string& path, ItemNames& names);
// Items that training has not seen get numbers behind those of training.
[[nodiscard]] Result<Prefixes> read_prefixes(const std::string& path, ItemNames& names);

}  // namespace doorbuster::recs
