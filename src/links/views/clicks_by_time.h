// When a link was followed: by day in UTC for ever, and of the last five weeks by quarter of an hour, so that days and
// hours can be told as the clocks of any time zone had them (all are whole quarters of an hour from UTC today).
//
// Clicks from before the quarters that are kept stand under their day in UTC, whatever zone is asked for; so the sum
// over the days is all clicks, always.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"
#include "base/time_zone.h"
#include "links/machine/click.h"

namespace doorbuster::links {

// Days since 1970-01-01; in UTC, or as a time zone has them.
using Day = int32_t;
[[nodiscard]] Day day_of(Timestamp at);
[[nodiscard]] std::string text_of(Day day);  // "2026-11-27"
[[nodiscard]] std::optional<Day> day_named(std::string_view text);

struct Tally {
  std::array<uint64_t, kVisitorNames.size()> by_visitor{};
  [[nodiscard]] uint64_t all() const { return by_visitor[0] + by_visitor[1]; }
  Tally& operator+=(const Tally& more);
  friend bool operator==(const Tally&, const Tally&) = default;
};
void write_tally(ByteWriter& out, const Tally& tally);
[[nodiscard]] Tally read_tally(ByteReader& in);

struct DayTally {
  Day day = 0;
  Tally clicks;
  friend bool operator==(const DayTally&, const DayTally&) = default;
};

struct HourTally {
  Timestamp begins;
  Duration offset;  // of the zone's clocks from UTC
  Day day = 0;      // there
  Tally clicks;
};

class ClicksByTime {
 public:
  static constexpr int32_t kQuartersKept = 35 * 24 * 4;

  void note(Timestamp at, Visitor visitor);
  // Of a day in UTC, and nothing more is known of when.
  void note(Day day, const Tally& clicks) { at_day(days_, day) += clicks; }
  // As if all that `more` has heard had been noted here.
  ClicksByTime& operator+=(const ClicksByTime& more);

  // Those that had clicks, in order.
  [[nodiscard]] const std::vector<DayTally>& days() const { return days_; }  // in UTC
  [[nodiscard]] std::vector<DayTally> days_in(const TimeZone& zone) const;
  [[nodiscard]] std::vector<HourTally> hours_in(const TimeZone& zone) const;

  // Bytes in memory beside the object itself.
  [[nodiscard]] size_t heap_bytes() const {
    return days_.capacity() * sizeof(DayTally) + quarters_.capacity() * sizeof(Quarter);
  }

  void write(ByteWriter& out) const;
  // False if the bytes are not what was written.
  [[nodiscard]] bool read(ByteReader& in);

  friend bool operator==(const ClicksByTime&, const ClicksByTime&) = default;

 private:
  // A link is followed less than four billion times in a quarter of an hour.
  struct Quarter {
    int32_t number = 0;  // since 1970
    std::array<uint32_t, kVisitorNames.size()> by_visitor{};
    [[nodiscard]] Timestamp begins() const;
    [[nodiscard]] Tally tally() const { return {.by_visitor = {by_visitor[0], by_visitor[1]}}; }
    friend bool operator==(const Quarter&, const Quarter&) = default;
  };

  // The place of a day, which is made if it is not there.
  [[nodiscard]] static Tally& at_day(std::vector<DayTally>& days, Day day);
  [[nodiscard]] Quarter& at_quarter(int32_t number);
  // Those that are too old beside the newest one.
  void drop_old_quarters();

  std::vector<DayTally> days_;
  std::vector<Quarter> quarters_;  // in order; those that had clicks
};

}  // namespace doorbuster::links
