#include "recs/views/rules.h"

#include <algorithm>

#include "base/json.h"

namespace doorbuster::recs {
namespace {

constexpr size_t kPinnedMax = 10;
constexpr size_t kSurfacesOfRuleMax = 32;
constexpr double kFactorMax = 1'000;

std::vector<std::string> names_in(const JsonValue& value, size_t most) {
  std::vector<std::string> names;
  value.array(most).each(
      [&](const JsonValue& name) { names.emplace_back(name.string({.min_bytes = 1, .max_bytes = kNameBytesMax})); });
  return names;
}

void read_filter(const JsonObject& object, std::string& text, std::optional<Filter>& filter) {
  const JsonValue value = object.optional("filter");
  if (!value.present()) return;
  text = value.string({.min_bytes = 1, .max_bytes = Filter::kBytesMax});
  auto parsed = Filter::parse(text);
  if (parsed)
    filter = std::move(*parsed);
  else
    value.refuse(parsed.error().message);
}

}  // namespace

bool Rule::holds_on(std::string_view surface) const {
  return surfaces.empty() || std::ranges::find(surfaces, surface) != surfaces.end();
}

Result<Rule> parse_rule(std::string_view json) {
  JsonDocument document(json);
  const JsonObject object = document.root();
  Rule rule;
  rule.action = object.required("action", "exclude, boost, bury or pin").one_of(kRuleActionNames, RuleAction::kExclude);
  if (rule.action == RuleAction::kPin)
    rule.items = names_in(object.required("items", "which items come first"), kPinnedMax);
  else
    read_filter(object, rule.filter_text, rule.filter);
  if (rule.action == RuleAction::kBoost || rule.action == RuleAction::kBury)
    rule.factor = object.optional("factor").number({.min = 1, .max = kFactorMax}, rule.factor);
  rule.surfaces = names_in(object.optional("surfaces"), kSurfacesOfRuleMax);
  if (rule.action == RuleAction::kExclude && !rule.filter) (void)object.required("filter", "which items are not shown");
  TRY(document.finish());
  return rule;
}

Result<Surface> parse_surface(std::string_view json) {
  JsonDocument document(json);
  const JsonObject object = document.root();
  Surface surface;
  read_filter(object, surface.filter_text, surface.filter);
  surface.n = static_cast<uint32_t>(object.optional("n").integer({.min = 1, .max = 100}, surface.n));
  TRY(document.finish());
  return surface;
}

}  // namespace doorbuster::recs
