// Times in a shop's tables: RFC 3339, or as parse_shop_date takes them, which is UTC.
#pragma once

#include <string_view>

#include "base/result.h"
#include "base/time.h"

namespace doorbuster::recs {

[[nodiscard]] Result<Timestamp> time_in_field(std::string_view text);

}  // namespace doorbuster::recs
