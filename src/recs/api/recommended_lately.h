// What the answers that are remembered recommended, as a whole: how much of the catalogue, and whether it is always the
// same items.
#pragma once

#include <array>
#include <optional>
#include <unordered_map>
#include <vector>

#include "recs/api/answer_ids.h"

namespace doorbuster::recs {

// Shares are from 0 to 1.
struct RecommendedLately {
  static constexpr int64_t kNewDays = 30;
  static constexpr size_t kSampledItems = 100'000;  // of a larger catalogue so many items are looked at, evenly spread

  uint64_t answers = 0;
  std::optional<Timestamp> since;  // the oldest of them
  uint64_t places = 0;             // in all of them
  uint64_t items = 0;              // that stood in any
  uint64_t items_shown = 0;        // of the catalogue, that may be shown
  // Of the most popular hundredth of the items: how many of the places they have, and how much of all that is done.
  double popular_share = 0;
  double popular_share_of_interactions = 0;
  // Of items that were published, or first heard of, in the last 30 days: places, and items that may be shown.
  double new_share = 0;
  double new_share_of_items = 0;
  std::array<uint64_t, kSourceNames.size()> by_source{};  // places

  [[nodiscard]] double coverage() const {
    return items_shown == 0 ? 0 : static_cast<double>(items) / static_cast<double>(items_shown);
  }
};

[[nodiscard]] RecommendedLately recommended_lately(const RecsTables& tables, const GivenAnswers& given, Timestamp now);

}  // namespace doorbuster::recs
