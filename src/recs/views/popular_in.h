// What is popular, or trends, among visitors of one country and in a window of time, in a category or everywhere.
#pragma once

#include <optional>
#include <vector>

#include "recs/views/picker.h"

namespace doorbuster::recs {

struct Where {
  uint16_t country = 0;               // 0: everywhere
  std::optional<Window> window = {};  // none: all that is kept
};

// By what was done there, and then what is popular everywhere at any time, so that as many come back as there are.
[[nodiscard]] std::vector<Recommended> popular_in(const RecsTables& tables, const Where& where,
                                                  std::optional<uint32_t> category, const Question& question);
// With a window.
[[nodiscard]] std::vector<Recommended> trending_in(const RecsTables& tables, const Where& where,
                                                   std::optional<uint32_t> category, const Question& question);

}  // namespace doorbuster::recs
