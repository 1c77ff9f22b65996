// What two items have in common: that they were bought by the same, or looked at. And how it is counted, in the tables
// and wherever models learn what it is worth.
#pragma once

#include <cstdint>

#include "recs/models/pair_counts.h"

namespace doorbuster::recs {

enum class PairKind : uint8_t { kBought, kViewed };
inline constexpr size_t kPairKinds = 2;
inline constexpr uint32_t kBasketsARow = 256;  // a row is counted while somebody waits

// What is put into a cart says something of what is bought; what is looked at says nothing.
[[nodiscard]] inline CoOccurrenceOptions pair_options(PairKind kind) {
  if (kind == PairKind::kBought) return {.kind_weights = {0, 1, 4}, .baskets_a_row = kBasketsARow};
  return {.kind_weights = {1, 1, 1}, .baskets_a_row = kBasketsARow};
}

}  // namespace doorbuster::recs
