#include "recs/views/rules.h"

#include <algorithm>

#include "base/json.h"

namespace doorbuster::recs {
namespace {

constexpr size_t kPinnedMax = 10;
constexpr size_t kSurfacesOfRuleMax = 32;
constexpr double kFactorMax = 1'000;
constexpr int64_t kMostMax = 100;
constexpr double kShareLeast = 0.001;

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

namespace {

void read_times(const JsonObject& object, Rule& rule) {
  const JsonValue starts = object.optional("starts_at");
  if (starts.present()) rule.starts_at = starts.time();
  const JsonValue ends = object.optional("ends_at");
  if (ends.present()) rule.ends_at = ends.time();
}

void read_cap(const JsonObject& object, Rule& rule) {
  rule.by = object.required("by", "brand or category").one_of(kCapByNames, CapBy::kBrand);
  const IntegerRule range{.min = 1, .max = kMostMax};
  rule.most = static_cast<uint32_t>(object.required("most", "how many of each").integer(range, 1));
  rule.loosens = object.optional("loosen").boolean();
}

void read_promotion(const JsonObject& object, Rule& rule) {
  const JsonValue items = object.optional("items");
  rule.items = names_in(items, kPinnedMax);
  if (rule.items.empty() && !rule.filter) (void)object.required("items", "which items, or a filter");
  if (!rule.items.empty() && rule.filter) items.refuse("either items or a filter");
  const JsonValue position = object.optional("position");
  const JsonValue share = object.optional("share");
  rule.position = static_cast<uint32_t>(position.integer({.min = 1, .max = kMostMax}));
  rule.share = share.number({.min = kShareLeast, .max = 1});
  if (position.present() == share.present()) (void)object.required("position", "where it stands, or a share instead");
  if (position.present() && share.present()) share.refuse("either a position or a share");
}

}  // namespace

Result<Rule> parse_rule(std::string_view json) {
  JsonDocument document(json);
  const JsonObject object = document.root();
  Rule rule;
  rule.action = object.required("action", "exclude, boost, bury, pin, cap or promote")
                    .one_of(kRuleActionNames, RuleAction::kExclude);
  if (rule.action == RuleAction::kPin)
    rule.items = names_in(object.required("items", "which items come first"), kPinnedMax);
  else
    read_filter(object, rule.filter_text, rule.filter);
  if (rule.action == RuleAction::kBoost || rule.action == RuleAction::kBury)
    rule.factor = object.optional("factor").number({.min = 1, .max = kFactorMax}, rule.factor);
  if (rule.action == RuleAction::kCap) read_cap(object, rule);
  if (rule.action == RuleAction::kPromote) read_promotion(object, rule);
  rule.surfaces = names_in(object.optional("surfaces"), kSurfacesOfRuleMax);
  const JsonValue set = object.optional("set");
  if (set.present()) rule.set = set.string({.min_bytes = 1, .max_bytes = kNameBytesMax});
  read_times(object, rule);
  if (rule.action == RuleAction::kExclude && !rule.filter) (void)object.required("filter", "which items are not shown");
  TRY(document.finish());
  return rule;
}

Result<Surface> parse_surface(std::string_view json) {
  JsonDocument document(json);
  const JsonObject object = document.root();
  Surface surface;
  read_filter(object, surface.filter_text, surface.filter);
  surface.n = static_cast<uint32_t>(object.optional("n").integer({.min = 1, .max = kMostMax}, surface.n));
  surface.lambda = object.optional("lambda").number({.min = 0, .max = 1}, surface.lambda);
  Exploration& explore = surface.explore;
  explore.share = object.optional("explore").number({.min = 0, .max = 1});
  explore.positions = static_cast<uint32_t>(object.optional("explore_positions").integer({.min = 1, .max = kMostMax}));
  explore.pool =
      static_cast<uint32_t>(object.optional("explore_pool").integer({.min = 2, .max = kMostMax}, explore.pool));
  TRY(document.finish());
  return surface;
}

void Rules::put(const std::string& name, Rule rule) {
  rules_.insert_or_assign(name, std::move(rule));
  index();
}

void Rules::remove(std::string_view name) {
  const auto found = rules_.find(name);
  if (found == rules_.end()) return;
  rules_.erase(found);
  index();
}

void Rules::clear() {
  rules_.clear();
  index();
}

void Rules::index() {
  everywhere_.clear();
  by_surface_.clear();
  for (const auto& [name, rule] : rules_) {
    for (const std::string& surface : rule.surfaces) by_surface_[surface];
    if (rule.surfaces.empty()) everywhere_.push_back(&rule);
  }
  for (auto& [surface, those] : by_surface_) {
    for (const auto& [name, rule] : rules_) {
      if (rule.holds_on(surface)) those.push_back(&rule);
    }
  }
}

}  // namespace doorbuster::recs
