// What an operator says of recommendations beyond what visitors do: rules, and what a surface (a place on a page) may
// show. Both are documents in the log, as the API takes them.
//
//   exclude  items that fit the filter are not shown          boost, bury  their scores are multiplied, or divided
//   pin      these items come first, in this order            cap          so many at most of one brand or category
//   promote  items stand at a position, or take a share of the positions, for a time
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_writer.h"
#include "recs/views/filter.h"

namespace doorbuster::recs {

enum class RuleAction : uint8_t { kExclude, kBoost, kBury, kPin, kCap, kPromote };
inline constexpr std::array<std::string_view, 6> kRuleActionNames = {"exclude", "boost", "bury",
                                                                     "pin",     "cap",   "promote"};
enum class CapBy : uint8_t { kBrand, kCategory };
inline constexpr std::array<std::string_view, 2> kCapByNames = {"brand", "category"};

struct Rule {
  RuleAction action = RuleAction::kExclude;
  std::string filter_text = {};
  std::optional<Filter> filter = {};       // none: of all items; of kPin there is none
  double factor = 2;                       // of kBoost and kBury
  std::vector<std::string> items = {};     // of kPin, and of kPromote instead of a filter
  CapBy by = CapBy::kBrand;                // of kCap, and so are
  uint32_t most = 1;                       // of each, and
  bool loosens = false;                    // where too few are left
  uint32_t position = 0;                   // of kPromote, from 1; 0: a share
  double share = 0;                        // of the positions
  std::vector<std::string> surfaces = {};  // on these only; none: everywhere
  std::string set = {};                    // for variants that name it only; empty: for all
  std::optional<Timestamp> starts_at = {};
  std::optional<Timestamp> ends_at = {};
  [[nodiscard]] bool holds_on(std::string_view surface) const;
  [[nodiscard]] bool holds(Timestamp now, std::string_view set_of_variant) const {
    return (set.empty() || set == set_of_variant) && (!starts_at || now >= *starts_at) && (!ends_at || now < *ends_at);
  }
  [[nodiscard]] bool fits(const FilterSubject& subject) const { return !filter || filter->accepts(subject); }
};

// At the last positions of an answer items are drawn, so that what else could stand there is learnt.
struct Exploration {
  double share = 0;        // of those that are drawn evenly among the pool; the rest is the best
  uint32_t positions = 0;  // 0: a fifth of them, one at least
  uint32_t pool = 10;
};

struct Surface {
  std::string filter_text = {};
  std::optional<Filter> filter = {};
  uint32_t n = 10;  // where a question says nothing else
  double lambda = 1;
  Exploration explore = {};
};

// kInvalid: what is wrong with it.
[[nodiscard]] Result<Rule> parse_rule(std::string_view json);
[[nodiscard]] Result<Surface> parse_surface(std::string_view json);

using Surfaces = std::map<std::string, Surface, std::less<>>;

// All rules, and which of them are of a surface, so that an answer looks at no others.
class Rules {
 public:
  using Named = std::map<std::string, Rule, std::less<>>;
  [[nodiscard]] const Named& named() const { return rules_; }
  [[nodiscard]] size_t size() const { return rules_.size(); }
  // By name, those that hold everywhere or on this surface.
  template <class Visit>
  void each_on(std::string_view surface, Visit&& visit) const {
    const auto found = by_surface_.find(surface);
    for (const Rule* rule : found == by_surface_.end() ? everywhere_ : found->second) visit(*rule);
  }
  void put(const std::string& name, Rule rule);
  void remove(std::string_view name);
  void clear();

 private:
  void index();

  Named rules_;
  std::vector<const Rule*> everywhere_;                                      // that name no surface
  std::map<std::string, std::vector<const Rule*>, std::less<>> by_surface_;  // those too, in the order of all names
};

}  // namespace doorbuster::recs
