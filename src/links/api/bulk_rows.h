// The rows of a bulk request: each a JSON object, in one array or on a line of its own (NDJSON).
#pragma once

#include <string_view>
#include <vector>

#include "base/result.h"

namespace doorbuster::links {

inline constexpr size_t kBulkRowsMax = 10'000;

enum class BulkForm : uint8_t {
  kArray,  // application/json
  kLines,  // application/x-ndjson
};

// The text of each row; whether it is an object is for whoever reads it to find out. kInvalid: where what holds them
// together is wrong, or there are none, or too many.
[[nodiscard]] Result<std::vector<std::string_view>> rows_in(std::string_view body, BulkForm form);

}  // namespace doorbuster::links
