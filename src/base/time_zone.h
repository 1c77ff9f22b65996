// A time zone of the IANA database, as the system has it (Debian's tzdata): how far clocks on the wall are from UTC.
//
// The database's compiled files are RFC 8536's TZif, of version 2 or later: a list of changes, and a rule for the years
// behind the last of them. Files with leap seconds ("right/...") are refused: a Timestamp has none.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"

namespace doorbuster {

// A date and time of each year, in seconds of the clock's time that is valid before it (POSIX.1-2017, section 8.3, TZ).
struct YearlyChange {
  enum class Kind : uint8_t {
    kWeekday,           // Mm.w.d: the w-th d-th day of the week in month m, 0 is Sunday, the fifth is the last
    kDayOfYear,         // n: 0 to 365
    kDayWithoutLeapDay  // Jn: 1 to 365; the 29th of February is never counted
  };
  Kind kind = Kind::kWeekday;
  int month = 0, week = 0, day = 0;
  int64_t second = 2 * 3'600;  // of that day; it may lie outside it by a week (RFC 8536 section 3.3.1)
};

// What is valid behind the last change of the list.
struct YearlyRule {
  int64_t standard_seconds = 0;
  bool has_summer_time = false;
  int64_t summer_seconds = 0;
  YearlyChange begins, ends;
};

class TimeZone {
 public:
  // UTC.
  TimeZone() = default;
  // "Europe/Berlin". kNotFound: there is no such zone, or no database.
  [[nodiscard]] static Result<TimeZone> load(std::string_view name);
  // The bytes of a TZif file; kCorrupt if they are not.
  [[nodiscard]] static Result<TimeZone> parse(Bytes file);

  // What is to be added to UTC.
  [[nodiscard]] Duration offset_at(Timestamp at) const;

 private:
  struct Change {
    int64_t at = 0;  // seconds since 1970 in UTC
    int64_t offset = 0;
  };

  [[nodiscard]] Result<void> read_changes(ByteReader& reader);

  int64_t first_offset_ = 0;
  std::vector<Change> changes_;  // in order
  YearlyRule rule_;
  bool has_rule_ = true;
};

// "CET-1CEST,M3.5.0,M10.5.0/3", as it stands at the end of a TZif file.
[[nodiscard]] Result<YearlyRule> parse_yearly_rule(std::string_view text);

}  // namespace doorbuster
