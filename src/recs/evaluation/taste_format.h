// The files of the taste task: a user a line, "user item item ...", separated by spaces or tabs; in the test file the
// items that were held out of the same users.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "recs/evaluation/item_names.h"
#include "recs/models/interactions.h"

namespace doorbuster::recs {

struct TasteLists {
  std::vector<uint32_t> users;  // by line: the number of the user
  Interactions lists;           // by line; no item twice
};

// Users and items that are not known yet get numbers behind those that are. kInvalid for a line without an item, for a
// user that has two lines, and for a file without any.
[[nodiscard]] Result<TasteLists> read_taste(const std::string& path, ItemNames& users, ItemNames& items);

}  // namespace doorbuster::recs
