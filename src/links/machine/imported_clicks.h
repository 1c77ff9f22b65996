// How often a link was followed before it came here: counts, not clicks.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "links/machine/click.h"

namespace doorbuster::links {

struct ImportedDay {
  // Days since 1970-01-01 in UTC; kNoDay: nobody knows when.
  static constexpr int32_t kNoDay = INT32_MIN;
  int32_t day = kNoDay;
  std::array<uint64_t, kVisitorNames.size()> by_visitor{};
  [[nodiscard]] uint64_t all() const { return by_visitor[0] + by_visitor[1]; }
  friend bool operator==(const ImportedDay&, const ImportedDay&) = default;
};

struct ImportedClicks {
  uint64_t link = 0;         // its number
  uint64_t visits_used = 0;  // of those that the link may have
  std::vector<ImportedDay> days = {};
  friend bool operator==(const ImportedClicks&, const ImportedClicks&) = default;
};

}  // namespace doorbuster::links
