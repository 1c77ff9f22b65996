// The rows of a bulk request: each a JSON object, in one array or on a line of its own (NDJSON).
#pragma once

#include <string_view>
#include <vector>

#include "base/result.h"

namespace doorbuster::platform {

enum class BulkForm : uint8_t {
  kArray,  // application/json
  kLines,  // application/x-ndjson
};

// The text of each row; whether it is an object is for whoever reads it to find out. kInvalid: where what holds them
// together is wrong, or there are none, or too many.
struct BulkRules {
  size_t rows_max = 0;
  std::string_view things = {};  // that rows are, for the refusals: "links"
};
[[nodiscard]] Result<std::vector<std::string_view>> rows_in(std::string_view body, BulkForm form,
                                                            const BulkRules& rules);

}  // namespace doorbuster::platform
