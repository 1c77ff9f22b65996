// Takes what may be shown, each item once, until there are as many as were asked for: what no source may get around.
//
// Not shown: what is sold out or removed, what was bought already (unless the filter speaks of that), what the filter,
// the surface or a rule leaves out.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
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
  kTrending,
  kSession,
  kReminder
};
inline constexpr std::array<std::string_view, 11> kSourceNames = {
    "also-bought", "also-viewed", "similar", "popular-in-category", "popular", "newest", "as-given", "pinned",
    "trending",    "session",     "reminder"};
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

class Picker {
 public:
  // Both have to live as long.
  Picker(const RecsTables& tables, const Question& question);

  // It is not shown, as it is what was asked about.
  void exclude(uint32_t item) { taken_.insert(item); }
  [[nodiscard]] bool is_full() const { return picked_.size() >= question_.n; }
  [[nodiscard]] size_t wanted() const { return question_.n - picked_.size(); }
  [[nodiscard]] bool may_take(uint32_t item) const;
  // By what rules make of a score.
  [[nodiscard]] double factor_of(uint32_t item) const;
  // At the top, where every score begins.
  void take_pinned();
  // The best first.
  void take_best(std::vector<Recommended>&& candidates);
  void take_popular(std::span<const uint32_t> items, Source source);
  void take_newest();
  // Popular in the categories of these items, then everywhere, then what is new.
  void fill_up(std::span<const uint32_t> items);
  // What stands behind has no higher score.
  [[nodiscard]] std::vector<Recommended> picked() &&;

 private:
  void add_history(VisitorKind kind, std::optional<uint32_t> visitor);
  [[nodiscard]] FilterSubject subject_of(uint32_t item) const;
  void take(const Recommended& one);

  const RecsTables& tables_;
  const Question& question_;
  const Filter* surface_filter_ = nullptr;
  std::vector<const Rule*> rules_;
  std::unordered_set<uint32_t> bought_;
  std::unordered_set<uint32_t> viewed_;
  std::unordered_set<uint32_t> taken_;
  std::vector<Recommended> picked_;
};

// What goes with the item by pairs: the best of those that may be taken.
[[nodiscard]] std::vector<Recommended> neighbours_of(const RecsTables& tables, uint32_t item, PairKind kind,
                                                     const Picker& picker);

}  // namespace doorbuster::recs
