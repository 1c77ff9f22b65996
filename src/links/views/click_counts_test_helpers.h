// Clicks at random, and what has to agree of what is counted of them.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <string>
#include <vector>

#include "base/prng.h"
#include "links/views/link_counts.h"

namespace doorbuster::links {

inline constexpr Timestamp kFirstClickAt = Timestamp::from_micros(1'795'773'600'000'000);  // 2026-11-27T10:00:00Z

inline Click any_click(Prng& random, uint64_t link, uint64_t referrers = 1'000) {
  const auto any = [&](auto value) {
    return static_cast<decltype(value)>(random.below(static_cast<uint64_t>(last_of(value)) + 1));
  };
  const std::string referrer = random.chance(10) ? "" : "site" + std::to_string(random.below(referrers)) + ".example";
  return {.link = link,
          .visitor = any(Visitor()),
          .device = any(DeviceClass()),
          .country = {'A', static_cast<char>('A' + random.below(26))},
          .referrer = std::string_view(referrer),
          .browser = any(Browser()),
          .system = any(System()),
          .visitor_hash = random.below(100),
          .variant = static_cast<uint32_t>(random.below(4))};
}

inline Timestamp any_time(Prng& random) {
  return kFirstClickAt + Duration::seconds(static_cast<int64_t>(random.below(10'000'000)));
}

inline void expect_sums(const LinkCounts& counts) {
  const auto of_array = [](const auto& array) { return std::accumulate(array.begin(), array.end(), uint64_t{0}); };
  uint64_t countries = 0;
  uint64_t referrers = counts.without_referrer;
  for (const auto& [country, count] : counts.by_country) countries += count;
  for (const auto& counter : counts.referrers.counters()) referrers += counter.count;
  uint64_t variants = 0;
  for (const auto& [key, clicks] : counts.by_variant) variants += clicks.all();
  EXPECT_LE(variants, counts.total.all()) << "the others were led to none";
  EXPECT_EQ(countries, counts.total.all());
  EXPECT_EQ(referrers, counts.total.all());
  EXPECT_EQ(of_array(counts.by_browser), counts.total.all());
  EXPECT_EQ(of_array(counts.by_system), counts.total.all());
  EXPECT_EQ(of_array(counts.by_device), counts.total.all());
  for (const char* zone : {"UTC", "Asia/Kathmandu", "America/New_York", "Pacific/Kiritimati"}) {
    Tally days = counts.imported_without_day;
    for (const auto& [day, tally] : counts.by_time.days_in(TimeZone::load(zone).value())) days += tally;
    EXPECT_EQ(days, counts.total) << zone;
  }
}

// Referrers by name: those that are as frequent stand in any order.
inline LinkCounts in_order(LinkCounts counts) {
  std::vector<SpaceSaving::Counter> all(counts.referrers.counters().begin(), counts.referrers.counters().end());
  std::ranges::sort(all, {}, [](const auto& counter) { return std::pair(~counter.count, counter.text); });
  SpaceSaving sorted;
  for (const auto& counter : all) {
    for (uint64_t i = 0; i < counter.count; ++i) sorted.note(counter.text);
  }
  counts.referrers = sorted;
  return counts;
}

}  // namespace doorbuster::links
