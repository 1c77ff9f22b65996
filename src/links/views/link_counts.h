// What is counted of the clicks of one link.
//
// Sums agree, whatever is asked: all clicks are those of people and those of programs, the sum over the days with those
// that were imported without one, over the countries, over the browsers, systems and devices, and over the referrers
// with those clicks that named none. Of clicks that were led to a variant the sum over the variants is the same.
#pragma once

#include <array>
#include <map>
#include <vector>

#include "links/machine/imported_clicks.h"
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
  // Those from before the link came here, which are among all of the above: under their day, or under none; of an
  // unknown country, browser, system and device, without a referrer and without a hash.
  Tally imported;
  Tally imported_without_day;

  // In the order of their keys; of more variants than these the others are counted as kOtherVariants.
  static constexpr size_t kVariantsCountedMax = 64;
  struct OfVariant {
    uint32_t key = 0;
    Tally clicks;
    friend bool operator==(const OfVariant&, const OfVariant&) = default;
  };
  std::vector<OfVariant> by_variant;

  void note(const Click& click, Timestamp at);
  void note(const ImportedClicks& clicks);
  [[nodiscard]] bool was_followed_here() const { return total.all() > imported.all(); }
  // Whether a click can be noted and these counts still be added to others: where referrers have lost their counters,
  // their bounds would not hold any more.
  [[nodiscard]] bool can_note(const Click& click) const;
  [[nodiscard]] bool can_be_added() const { return referrers.is_exact(); }
  // As if each click that `more` counts had been noted here, behind those that were.
  LinkCounts& operator+=(const LinkCounts& more);

  // Bytes in memory beside the object itself, about.
  [[nodiscard]] size_t heap_bytes() const;

  void write(ByteWriter& out) const;
  // False if the bytes are not what was written.
  [[nodiscard]] bool read(ByteReader& in);
  // Of them only the total, and when it was followed first and last, which stand before all else.
  [[nodiscard]] bool read_head(ByteReader& in);

  friend bool operator==(const LinkCounts&, const LinkCounts&) = default;

 private:
  void write_head(ByteWriter& out) const;
  void add_variant(uint32_t variant, const Tally& clicks);
};

}  // namespace doorbuster::links
