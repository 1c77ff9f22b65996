#include "base/time_zone.h"

#include <gtest/gtest.h>
#include <time.h>

#include <array>
#include <cstdlib>

#include "base/file.h"

namespace doorbuster {
namespace {

int64_t minutes_at(const TimeZone& zone, std::string_view utc) {
  return zone.offset_at(parse_rfc3339(utc).value()).whole_seconds() / 60;
}

TEST(TimeZone, knows_summer_and_winter) {
  const TimeZone berlin = TimeZone::load("Europe/Berlin").value();
  EXPECT_EQ(minutes_at(berlin, "2026-11-27T10:00:00Z"), 60);
  EXPECT_EQ(minutes_at(berlin, "2026-07-01T10:00:00Z"), 120);
  EXPECT_EQ(minutes_at(berlin, "2026-10-25T00:59:59Z"), 120) << "until one o'clock in UTC";
  EXPECT_EQ(minutes_at(berlin, "2026-10-25T01:00:00Z"), 60);
  EXPECT_EQ(minutes_at(berlin, "2061-07-01T10:00:00Z"), 120) << "by the rule behind the list";
  EXPECT_EQ(minutes_at(berlin, "2061-12-01T10:00:00Z"), 60);
  EXPECT_EQ(minutes_at(TimeZone::load("Asia/Kathmandu").value(), "2026-11-27T10:00:00Z"), 345);
  EXPECT_EQ(minutes_at(TimeZone::load("Australia/Sydney").value(), "2026-01-01T00:00:00Z"), 660) << "summer there";
  EXPECT_EQ(minutes_at(TimeZone::load("America/St_Johns").value(), "2026-11-27T10:00:00Z"), -210);
  EXPECT_EQ(minutes_at(TimeZone::load("UTC").value(), "2026-11-27T10:00:00Z"), 0);
  EXPECT_EQ(minutes_at(TimeZone(), "2026-11-27T10:00:00Z"), 0);
}

// The C library reads the same files.
TEST(TimeZone, agrees_with_the_c_library) {
  constexpr std::array kZones = {"Europe/Berlin", "America/New_York",    "America/Sao_Paulo", "Asia/Kolkata",
                                 "Asia/Tehran",   "Australia/Lord_Howe", "Africa/Casablanca", "Pacific/Apia",
                                 "Europe/Dublin", "Asia/Gaza",           "America/Nuuk",      "Antarctica/Troll"};
  for (const char* name : kZones) {
    const TimeZone zone = TimeZone::load(name).value();
    ASSERT_EQ(setenv("TZ", name, 1), 0);
    tzset();
    constexpr int64_t kStep = 7 * 3'600 + 11;
    for (time_t at = 0; at < time_t{90} * 365 * 86'400; at += kStep) {  // to 2059
      tm local{};
      localtime_r(&at, &local);
      ASSERT_EQ(zone.offset_at(Timestamp::from_micros(at * 1'000'000)).whole_seconds(), local.tm_gmtoff)
          << name << " at " << at;
    }
  }
  unsetenv("TZ");
  tzset();
}

TEST(TimeZone, refuses_names_that_are_none) {
  for (const std::string_view name : {"", "Europe", "Europe/Nowhere", "../../../etc/passwd", "/etc/passwd", "tzdata.zi",
                                      "right/Europe/Berlin", "Europe/Berlin "})
    EXPECT_FALSE(TimeZone::load(name).has_value()) << name;
  EXPECT_FALSE(TimeZone::load(std::string(1'000, 'a')).has_value());
}

TEST(TimeZone, refuses_files_that_are_cut_or_damaged_and_never_reads_past_them) {
  const std::string file = read_file("/usr/share/zoneinfo/Europe/Berlin", 1 << 20).value();
  ASSERT_TRUE(TimeZone::parse(as_bytes(file)).has_value());
  for (size_t size = 0; size < file.size(); ++size)
    EXPECT_FALSE(TimeZone::parse(as_bytes(std::string_view(file).substr(0, size))).has_value()) << size;
  for (size_t at = 0; at < file.size(); ++at) {
    std::string damaged = file;
    damaged[at] = static_cast<char>(damaged[at] ^ 0xFF);
    const auto zone = TimeZone::parse(as_bytes(damaged));
    if (zone) (void)zone->offset_at({});
  }
}

TEST(YearlyRule, is_read_as_posix_has_it) {
  const YearlyRule berlin = parse_yearly_rule("CET-1CEST,M3.5.0,M10.5.0/3").value();
  EXPECT_EQ(berlin.standard_seconds, 3'600);
  EXPECT_EQ(berlin.summer_seconds, 7'200);
  EXPECT_EQ(berlin.ends.second, 3 * 3'600);
  EXPECT_EQ(parse_yearly_rule("<+0330>-3:30").value().standard_seconds, 12'600);
  EXPECT_EQ(parse_yearly_rule("IST-1GMT0,M10.5.0,M3.5.0/1").value().summer_seconds, 0);
  EXPECT_EQ(parse_yearly_rule("<-02>2<-01>,M3.5.0/-1,M10.5.0/0").value().begins.second, -3'600);
  EXPECT_EQ(parse_yearly_rule("AAA0BBB,J60/0,365/24").value().ends.day, 365);
  for (const std::string_view wrong : {"", "CET", "CE-1", "CET-1CEST", "CET-1CEST,M3.5.0", "CET-1CEST,M13.5.0,M10.5.0",
                                       "CET-1CEST,M3.6.0,M10.5.0", "CET-1CEST,M3.5.7,M10.5.0", "CET-200",
                                       "CET-1CEST,M3.5.0,M10.5.0x", "<CET-1", "AAA0BBB,J0,J10", "AAA0BBB,0,366"})
    EXPECT_FALSE(parse_yearly_rule(wrong).has_value()) << wrong;
}

}  // namespace
}  // namespace doorbuster
