// What is recommended, and why: sources one behind another, until there are as many items as were asked for.
//
//   what was bought, or looked at, together with what the visitor looked at lately; what is popular in those
//   categories; what is popular; what is new
//
// Each source passes over what may not be shown (sold out, removed, bought already, not in the filter), so that as many
// as there are come back, however few may.
#pragma once

#include <string>
#include <vector>

#include "recs/views/filter.h"
#include "recs/views/recs_tables.h"

namespace doorbuster::recs {

enum class Source : uint8_t {
  kAlsoBought,
  kAlsoViewed,
  kSimilar,
  kPopularInCategory,
  kPopular,
  kNewest,
  kAsGiven,
  kPinned,
  kTrending
};
inline constexpr std::array<std::string_view, 9> kSourceNames = {
    "also-bought", "also-viewed", "similar", "popular-in-category", "popular", "newest",
    "as-given",    "pinned",      "trending"};
static_assert(!kSourceNames.back().empty());

struct Recommended {
  uint32_t item = 0;
  double score = 0;
  Source source = Source::kPopular;
  uint32_t because = kNobody;  // the item that led to it, where one did
};

// For whom.
struct Visitors {
  std::optional<uint32_t> user = {};
  std::optional<uint32_t> session = {};
  std::vector<uint32_t> bought = {};  // beside what is known
  std::vector<uint32_t> seen = {};    // likewise, the newest first
};

struct Question {
  Visitors visitors = {};
  size_t n = 10;
  const Filter* filter = nullptr;     // nothing else
  std::string surface = {};           // where it is shown: its rules hold, and what it may show
  std::vector<uint32_t> pinned = {};  // come first, if they may be shown
};

// Of an item: other items with the most visitors who did the same with both, and then as many others as it takes.
[[nodiscard]] std::vector<Recommended> also_bought(const RecsTables& tables, uint32_t item, const Question& question);
[[nodiscard]] std::vector<Recommended> also_viewed(const RecsTables& tables, uint32_t item, const Question& question);
// By what the shop says of it: categories, brand, vectors.
[[nodiscard]] std::vector<Recommended> similar(const RecsTables& tables, uint32_t item, const Question& question);
// For them.
[[nodiscard]] std::vector<Recommended> for_visitors(const RecsTables& tables, const Question& question);
// The shop's own list, all of it, the best for them first; what says nothing of an item leaves it where it was.
[[nodiscard]] std::vector<Recommended> ranked(const RecsTables& tables, const std::vector<uint32_t>& items,
                                              const Question& question);
// In a category, or everywhere.
[[nodiscard]] std::vector<Recommended> popular(const RecsTables& tables, std::optional<uint32_t> category,
                                               const Question& question);

// What is looked at and bought more than usual, in a category or everywhere; then what is popular there.
[[nodiscard]] std::vector<Recommended> trending(const RecsTables& tables, Window window,
                                                std::optional<uint32_t> category, const Question& question);

// The items that they did something with lately, the newest first, each once.
[[nodiscard]] std::vector<uint32_t> lately(const RecsTables& tables, const Visitors& visitors);

}  // namespace doorbuster::recs
