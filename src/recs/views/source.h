// Where a recommendation comes from.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace doorbuster::recs {

// The numbers are in the log, with impressions and clicks: new ones come at the end.
enum class Source : uint8_t {
  kAlsoBought,
  kAlsoViewed,
  kSimilar,
  kPopularInCategory,
  kPopular,
  kNewest,
  kAsGiven,
  kPinned,
  kTrending,
  kPromoted,
  kSession,
  kReminder,
  kColdStart,
  kTaste
};
inline constexpr std::array<std::string_view, 14> kSourceNames = {
    "also-bought", "also-viewed", "similar",  "popular-in-category",
    "popular",     "newest",      "as-given", "pinned",
    "trending",    "promoted",    "session",  "reminder",
    "cold-start",  "taste"};
static_assert(!kSourceNames.back().empty());

}  // namespace doorbuster::recs
