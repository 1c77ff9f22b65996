// The files of the sequence task: a user a line, "user item item ...", the oldest first, separated by spaces or tabs,
// where an item may come again; and of attributes an item a line, "item attribute attribute ...", or one JSON object
// {"item": [attribute, ...], ...}.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "recs/evaluation/item_names.h"
#include "recs/models/interactions.h"

namespace doorbuster::recs {

// kInvalid for a line without an item, and for a file without any.
[[nodiscard]] Result<Interactions> read_sequences(const std::string& path, ItemNames& items);

// By item; of items that no sequence has nothing is kept.
[[nodiscard]] Result<std::vector<std::vector<std::string>>> read_attributes(const std::string& path,
                                                                            const ItemNames& items);

}  // namespace doorbuster::recs
