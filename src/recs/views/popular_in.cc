#include "recs/views/popular_in.h"

#include <algorithm>

namespace doorbuster::recs {
namespace {

constexpr size_t kTrendsOfRegionMax = 500;

bool is_in(const RecsTables& tables, uint32_t item, std::optional<uint32_t> category) {
  const std::vector<uint32_t>& categories = tables.catalogue()[item].categories;
  return !category || std::ranges::find(categories, *category) != categories.end();
}

// Null where nothing was ever done in the country.
const RecentCounts* recent_in(const RecsTables& tables, uint16_t country) {
  if (country == 0) return &tables.recent();
  const Region* region = tables.regions().find(country);
  return region == nullptr ? nullptr : &region->recent;
}

std::vector<Recommended> counted_in(const RecsTables& tables, const Where& where, std::optional<uint32_t> category) {
  const Source source = category ? Source::kPopularInCategory : Source::kPopular;
  std::vector<Recommended> found;
  const auto add = [&](uint32_t item, uint64_t count) {
    if (is_in(tables, item, category)) found.push_back({.item = item, .score = score_of(count), .source = source});
  };
  if (where.window) {
    const RecentCounts* recent = recent_in(tables, where.country);
    if (recent == nullptr) return found;
    const auto most = recent->most(*where.window);
    for (const RecentCounts::Trend& each : *most) add(each.item, static_cast<uint64_t>(each.score));
  } else if (const Region* region = tables.regions().find(where.country)) {
    for (const uint32_t item : region->popular.items()) add(item, region->popular.count_of(item));
  }
  return found;
}

void fill_up_in(const RecsTables& tables, std::optional<uint32_t> category, Picker& picker) {
  if (category)
    picker.take_popular(tables.catalogue().popular_in(*category), Source::kPopularInCategory);
  else
    picker.fill_up({});
}

}  // namespace

std::vector<Recommended> popular_in(const RecsTables& tables, const Where& where, std::optional<uint32_t> category,
                                    const Question& question) {
  Picker picker(tables, question);
  picker.take_in_order(counted_in(tables, where, category));
  fill_up_in(tables, category, picker);
  return std::move(picker).picked();
}

std::vector<Recommended> trending_in(const RecsTables& tables, const Where& where, std::optional<uint32_t> category,
                                     const Question& question) {
  ASSERT(where.window.has_value());
  Picker picker(tables, question);
  picker.take_pinned();
  std::vector<Recommended> found;
  if (const RecentCounts* recent = recent_in(tables, where.country); recent != nullptr) {
    const auto trends = recent->trending(*where.window);
    for (const RecentCounts::Trend& each : *trends) {
      if (found.size() >= kTrendsOfRegionMax) break;
      if (is_in(tables, each.item, category) && picker.may_take(each.item))
        found.push_back({.item = each.item, .score = each.score, .source = Source::kTrending});
    }
  }
  picker.take_best(std::move(found));
  fill_up_in(tables, category, picker);
  return std::move(picker).picked();
}

}  // namespace doorbuster::recs
