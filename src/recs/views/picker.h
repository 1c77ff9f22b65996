// Takes what may be shown, each item once, until there are as many as were asked for: what no source may get around.
//
// Not shown: what is sold out or removed, what was bought already (unless the filter speaks of that), what the filter,
// the surface or a rule leaves out; and more of one brand or category than a cap lets through, unless nothing else is
// left and the cap loosens.
//
// Before the answer is given, items of one source are put in an order with variety (variety.h), some of the last ones
// are drawn (exploration.h), and promotions take their places (promotions.h).
#pragma once

#include <array>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "recs/views/filter.h"
#include "recs/views/recs_tables.h"
#include "recs/views/source.h"

namespace doorbuster::recs {

struct Recommended {
  uint32_t item = 0;
  double score = 0;
  Source source = Source::kPopular;
  uint32_t because = kNobody;  // the item that led to it, where one did
  float propensity = 1;        // how likely it was to stand here, given those before it
  uint8_t pool = 0;            // among how many it was drawn; 0: it was not
  bool is_best = false;        // of those
  bool is_promoted = false;
  bool is_beyond_cap = false;  // it stands here because nothing else was left
  uint8_t team = 0;            // of an interleaving
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
  Timestamp at = {};                  // when it is asked: some rules hold for a time
  uint64_t seed = 0;                  // of what is drawn
  bool is_ranking = false;            // of the shop's own list, which is part of no experiment
  double lambda = 1;                  // variety: 1 is scores alone
  Exploration explore = {};
  uint32_t sources_off = 0;   // a bit a source
  std::string rule_set = {};  // those rules hold, too
  // Items of promotions, by the rule; those that nobody knows are left out.
  std::vector<std::pair<const Rule*, std::vector<uint32_t>>> promoted = {};
};

class Picker {
 public:
  // Both have to live as long.
  Picker(const RecsTables& tables, const Question& question);

  // It is not shown, as it is what was asked about.
  void exclude(uint32_t item) { taken_.insert(item); }
  [[nodiscard]] bool is_full() const { return picked_.size() >= limit_; }
  // How many of the best a source has to offer: more than are left to be picked, where not each of them will be.
  [[nodiscard]] size_t wanted() const { return (limit_ - picked_.size()) * (is_choosy_ ? kChoosy : 1); }
  [[nodiscard]] bool may_take(uint32_t item) const;
  // By what rules make of a score.
  [[nodiscard]] double factor_of(uint32_t item) const;
  // At the top, where every score begins.
  void take_pinned();
  // The best first.
  void take_best(std::vector<Recommended>&& candidates);
  // As they come.
  void take_in_order(std::span<const Recommended> candidates);
  void take_popular(std::span<const uint32_t> items, Source source);
  void take_newest();
  // Popular in the categories of these items, then everywhere, then what is new.
  void fill_up(std::span<const uint32_t> items);
  // The few items among which all are that the filter accepts, the most popular first; null where they are not few.
  [[nodiscard]] const std::vector<uint32_t>* few() const;
  // What stands behind has no higher score.
  [[nodiscard]] std::vector<Recommended> picked() &&;

 private:
  static constexpr size_t kChoosy = 5;
  // So many of each brand or category, as they are counted.
  struct Cap {
    const Rule* rule = nullptr;
    std::map<std::string, uint32_t, std::less<>> brands = {};
    std::map<uint32_t, uint32_t> categories = {};
  };

  void add_history(VisitorKind kind, std::optional<uint32_t> visitor);
  [[nodiscard]] FilterSubject subject_of(uint32_t item) const;
  void take(const Recommended& one);
  // Takes it, unless a cap is in the way.
  void offer(const Recommended& one);
  [[nodiscard]] bool is_off(Source source) const;
  [[nodiscard]] bool is_full_of(const Cap& cap, uint32_t item) const;
  void count(Cap& cap, uint32_t item) const;
  void take_in_variety(const std::vector<Recommended>& candidates);
  void loosen_caps();
  void draw();
  void promote();
  void take_popular_of_few(std::span<const uint32_t> items, Source source);

  const RecsTables& tables_;
  const Question& question_;
  const Filter* surface_filter_ = nullptr;
  size_t limit_ = 0;        // with those among which some are drawn
  bool is_choosy_ = false;  // not the best of a source alone
  std::vector<const Rule*> rules_;
  std::vector<Cap> caps_;
  std::vector<Recommended> held_back_;  // by caps that loosen
  std::unordered_set<uint32_t> held_;
  std::unordered_set<uint32_t> bought_;
  std::unordered_set<uint32_t> viewed_;
  std::unordered_map<uint32_t, EventKinds> done_;  // where the filter asks for it
  std::unordered_set<uint32_t> taken_;
  mutable std::optional<std::optional<std::vector<uint32_t>>> few_;  // none: nobody has asked
  std::vector<Recommended> picked_;
};

// Below 0.1, so that what is popular anyway does not look better than what somebody's own doings say.
[[nodiscard]] double score_of(uint64_t popularity);

// What goes with the item by pairs: the best of those that may be taken.
[[nodiscard]] std::vector<Recommended> neighbours_of(const RecsTables& tables, uint32_t item, PairKind kind,
                                                     const Picker& picker);

}  // namespace doorbuster::recs
