#include "links/views/clicks_by_time.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/prng.h"

namespace doorbuster::links {
namespace {

constexpr Timestamp kMorning = Timestamp::from_micros(1'795'773'600'000'000);  // 2026-11-27T10:00:00Z

Timestamp at(std::string_view text) { return parse_rfc3339(text).value(); }
Day day(std::string_view text) { return day_named(text).value(); }
Tally of(const std::vector<DayTally>& days, std::string_view date) {
  const auto found = std::ranges::find(days, day(date), &DayTally::day);
  return found == days.end() ? Tally() : found->clicks;
}
TimeZone zone(std::string_view name) { return TimeZone::load(name).value(); }

TEST(Day, is_named_as_people_write_it) {
  for (const std::string_view text : {"1970-01-01", "2024-02-29", "2026-11-27", "2099-12-31"})
    EXPECT_EQ(text_of(day(text)), text);
  EXPECT_EQ(day_of(kMorning), day("2026-11-27"));
  for (const std::string_view text : {"", "2026-13-01", "27.11.2026", "2026-11-27T10:00:00Z", "today"})
    EXPECT_EQ(day_named(text), std::nullopt) << text;
}

TEST(ClicksByTime, tells_days_as_the_clocks_of_a_zone_had_them) {
  ClicksByTime clicks;
  clicks.note(at("2026-11-27T18:14:59Z"), Visitor::kPerson);
  clicks.note(at("2026-11-27T18:15:00Z"), Visitor::kPerson);
  clicks.note(at("2026-11-27T23:30:00Z"), Visitor::kBot);
  EXPECT_EQ(of(clicks.days_in(TimeZone()), "2026-11-27").all(), 3U);
  const auto nepal = clicks.days_in(zone("Asia/Kathmandu"));  // 5:45 from UTC
  EXPECT_EQ(of(nepal, "2026-11-27").all(), 1U);
  EXPECT_EQ(of(nepal, "2026-11-28").by_visitor, (std::array<uint64_t, 2>{1, 1}));
  const auto berlin = clicks.days_in(zone("Europe/Berlin"));
  EXPECT_EQ(of(berlin, "2026-11-27").all(), 2U);
  EXPECT_EQ(of(berlin, "2026-11-28").all(), 1U);
}

TEST(ClicksByTime, tells_the_hour_that_is_twice_apart_when_summer_ends) {
  ClicksByTime clicks;
  clicks.note(at("2026-10-25T00:30:00Z"), Visitor::kPerson);  // half past two
  clicks.note(at("2026-10-25T01:15:00Z"), Visitor::kPerson);  // a quarter past two
  clicks.note(at("2026-10-25T01:45:00Z"), Visitor::kPerson);
  const auto hours = clicks.hours_in(zone("Europe/Berlin"));
  ASSERT_EQ(hours.size(), 2U);
  EXPECT_EQ(hours[0].begins, at("2026-10-25T00:00:00Z"));
  EXPECT_EQ(hours[0].offset, Duration::seconds(7'200));
  EXPECT_EQ(hours[1].begins, at("2026-10-25T01:00:00Z"));
  EXPECT_EQ(hours[1].offset, Duration::seconds(3'600));
  EXPECT_EQ(hours[1].clicks.all(), 2U);
  EXPECT_EQ(hours[1].day, day("2026-10-25"));
  EXPECT_EQ(clicks.hours_in(zone("Asia/Kolkata"))[0].begins, at("2026-10-25T00:30:00Z")) << "six o'clock there";
}

TEST(ClicksByTime, keeps_five_weeks_by_hour_and_days_for_ever) {
  ClicksByTime clicks;
  constexpr int64_t kHours = 24 * 100;
  for (int64_t i = 0; i < kHours; ++i) clicks.note(kMorning + Duration::seconds(i * 3'600), Visitor::kPerson);
  clicks.note(kMorning, Visitor::kPerson);  // a clock was put back
  EXPECT_EQ(clicks.hours_in(TimeZone()).size(), static_cast<size_t>(ClicksByTime::kQuartersKept / 4));
  EXPECT_EQ(clicks.days().size(), 101U);
  for (const char* name : {"UTC", "Europe/Berlin", "Pacific/Kiritimati", "America/Los_Angeles"}) {
    Tally sum;
    for (const auto& [date, tally] : clicks.days_in(zone(name))) sum += tally;
    EXPECT_EQ(sum.all(), static_cast<uint64_t>(kHours) + 1) << name;
  }
  EXPECT_EQ(of(clicks.days_in(zone("Europe/Berlin")), "2026-11-28").all(), 24U) << "by its day in UTC";
}

TEST(ClicksByTime, finds_the_place_of_a_click_whose_time_lies_back) {
  Prng random(7);
  ClicksByTime clicks;
  for (int i = 0; i < 1'000; ++i)
    clicks.note(kMorning + Duration::seconds(static_cast<int64_t>(random.below(30 * 86'400))), Visitor::kPerson);
  Tally sum;
  Timestamp last;
  for (const HourTally& hour : clicks.hours_in(TimeZone())) {
    EXPECT_GT(hour.begins, last);
    last = hour.begins;
    sum += hour.clicks;
  }
  EXPECT_EQ(sum.all(), 1'000U);
}

TEST(ClicksByTime, are_the_same_whether_they_were_noted_or_added) {
  Prng random(8);
  for (int round = 0; round < 50; ++round) {
    const uint64_t days = 1 + random.below(60);
    ClicksByTime all;
    ClicksByTime sum;
    for (int part = 0; part < 4; ++part) {
      ClicksByTime more;
      for (uint64_t left = random.below(100); left > 0; --left) {
        const Timestamp when = kMorning + Duration::seconds(static_cast<int64_t>(random.below(days * 86'400)));
        const auto visitor = static_cast<Visitor>(random.below(2));
        all.note(when, visitor);
        more.note(when, visitor);
      }
      sum += more;
    }
    EXPECT_EQ(sum, all) << round;
  }
}

TEST(ClicksByTime, are_read_as_they_were_written_and_damage_is_seen) {
  ClicksByTime clicks;
  clicks.note(Timestamp::from_micros(-1), Visitor::kBot);
  for (int64_t i = 0; i < 500; ++i) clicks.note(kMorning + Duration::seconds(i * 7'000), Visitor::kPerson);
  std::vector<std::byte> bytes;
  ByteWriter writer(bytes);
  clicks.write(writer);
  ByteReader reader(bytes);
  ClicksByTime loaded;
  EXPECT_TRUE(loaded.read(reader) && reader.finished());
  EXPECT_EQ(loaded, clicks);
  for (size_t size = 0; size < bytes.size(); ++size) {
    ByteReader cut(Bytes(bytes).first(size));
    EXPECT_FALSE(ClicksByTime().read(cut)) << size;
  }
}

}  // namespace
}  // namespace doorbuster::links
