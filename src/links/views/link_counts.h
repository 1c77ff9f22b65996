// What is counted of the clicks of one link.
//
// Sums agree, whatever is asked: all clicks are those of people and those of programs, the sum over the days, over the
// countries, over the browsers, systems and devices, and over the referrers with those clicks that named none.
#pragma once

#include <array>
#include <map>

#include "links/views/clicks_by_time.h"
#include "links/views/distinct_count.h"
#include "links/views/space_saving.h"

namespace doorbuster::links {

struct LinkCounts {
  Tally total;
  Timestamp first_at;
  Timestamp last_at;
  ClicksByTime by_time;
  std::map<Country, uint64_t> by_country;
  std::array<uint64_t, kBrowserNames.size()> by_browser{};
  std::array<uint64_t, kSystemNames.size()> by_system{};
  std::array<uint64_t, kDeviceClassNames.size()> by_device{};
  SpaceSaving referrers;
  uint64_t without_referrer = 0;
  // People, by their hashes of a day; and how many of their clicks came without one.
  DistinctCount visitors;
  uint64_t without_visitor_hash = 0;

  void note(const Click& click, Timestamp at);

  void write(ByteWriter& out) const;
  // False if the bytes are not what was written.
  [[nodiscard]] bool read(ByteReader& in);
};

}  // namespace doorbuster::links
