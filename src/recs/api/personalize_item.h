// The properties of an item of Amazon Personalize, as the content of an item of ours, and back.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "recs/views/catalogue.h"

namespace doorbuster::recs {

// As the log keeps it. kInvalid: what is wrong with it.
[[nodiscard]] Result<std::string> personalize_content(std::string_view properties);

// What an item has in a column of its dataset; nothing if it has nothing there.
[[nodiscard]] std::optional<std::string> personalize_metadata(const Item& item, std::string_view column);

}  // namespace doorbuster::recs
