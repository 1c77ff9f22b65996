// What an operator says of recommendations beyond what visitors do: rules, and what a surface (a place on a page) may
// show. Both are documents in the log, as the API takes them.
//
//   exclude  items that fit the filter are not shown          boost, bury  their scores are multiplied, or divided
//   pin      these items come first, in this order
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_writer.h"
#include "recs/views/filter.h"

namespace doorbuster::recs {

enum class RuleAction : uint8_t { kExclude, kBoost, kBury, kPin };
inline constexpr std::array<std::string_view, 4> kRuleActionNames = {"exclude", "boost", "bury", "pin"};

struct Rule {
  RuleAction action = RuleAction::kExclude;
  std::string filter_text = {};
  std::optional<Filter> filter = {};       // none: of all items; of kPin there is none
  double factor = 2;                       // of kBoost and kBury
  std::vector<std::string> items = {};     // of kPin
  std::vector<std::string> surfaces = {};  // on these only; none: everywhere
  [[nodiscard]] bool holds_on(std::string_view surface) const;
  [[nodiscard]] bool fits(const FilterSubject& subject) const { return !filter || filter->accepts(subject); }
};

struct Surface {
  std::string filter_text = {};
  std::optional<Filter> filter = {};
  uint32_t n = 10;  // where a question says nothing else
};

// kInvalid: what is wrong with it.
[[nodiscard]] Result<Rule> parse_rule(std::string_view json);
[[nodiscard]] Result<Surface> parse_surface(std::string_view json);

using Rules = std::map<std::string, Rule, std::less<>>;
using Surfaces = std::map<std::string, Surface, std::less<>>;

}  // namespace doorbuster::recs
