#include "base/time.h"

#include <gtest/gtest.h>

#include "base/prng.h"

namespace doorbuster {
namespace {

int64_t micros_of(std::string_view text) {
  const Result<Timestamp> at = parse_rfc3339(text);
  return at ? at->micros() : -1;
}

TEST(Duration, converts_between_units) {
  EXPECT_EQ(Duration::seconds(2).micros(), 2'000'000);
  EXPECT_EQ(Duration::millis(3), Duration::micros(3'000));
  EXPECT_EQ(Duration::millis(2'999).whole_seconds(), 2);
  EXPECT_EQ(Duration::seconds(1) + Duration::millis(500) - Duration::micros(1), Duration::micros(1'499'999));
  EXPECT_EQ(Duration::seconds(2) * 30, Duration::seconds(60));
}

TEST(Timestamp, moves_by_durations) {
  const Timestamp at = Timestamp::from_micros(1'000'000);
  EXPECT_EQ((at + Duration::seconds(1)) - at, Duration::seconds(1));
  EXPECT_EQ(at - Duration::seconds(1), Timestamp());
  EXPECT_LT(at, at + Duration::micros(1));
}

// The first two are the examples of RFC 3339 section 5.8; the seconds are those that date(1) gives.
TEST(Rfc3339, reads_published_examples) {
  EXPECT_EQ(micros_of("1985-04-12T23:20:50.52Z"), 482'196'050'520'000);
  EXPECT_EQ(micros_of("1996-12-19T16:39:57-08:00"), 851'042'397'000'000);
  EXPECT_EQ(micros_of("1970-01-01T00:00:00Z"), 0);
  EXPECT_EQ(micros_of("2000-02-29T12:00:00Z"), 951'825'600'000'000);
  EXPECT_EQ(micros_of("9999-12-31T23:59:59.999999Z"), 253'402'300'799'999'999);
}

TEST(Rfc3339, reads_offsets_fractions_and_lower_case) {
  EXPECT_EQ(micros_of("2026-11-27T10:00:00+01:30"), micros_of("2026-11-27T08:30:00Z"));
  EXPECT_EQ(micros_of("2026-11-27T10:00:00-00:00"), micros_of("2026-11-27T10:00:00Z"));
  EXPECT_EQ(micros_of("2026-11-27t10:00:00z"), micros_of("2026-11-27 10:00:00Z"));
  EXPECT_EQ(micros_of("1970-01-01T00:00:00.5Z"), 500'000);
  EXPECT_EQ(micros_of("1970-01-01T00:00:00.000001Z"), 1);
}

TEST(Rfc3339, refuses_what_is_no_time) {
  for (const auto* text : {"",
                           "now",
                           "2026-11-27",
                           "2026-11-27T10:00:00",
                           "2026-11-27T10:00Z",
                           "2026-13-01T00:00:00Z",
                           "2026-00-01T00:00:00Z",
                           "2026-02-29T00:00:00Z",
                           "2026-01-32T00:00:00Z",
                           "2026-01-01T24:00:00Z",
                           "2026-01-01T00:60:00Z",
                           "2026-01-01T00:00:60Z",
                           "2026-01-01T00:00:00.Z",
                           "2026-01-01T00:00:00.1234567Z",
                           "2026-01-01T00:00:00+24:00",
                           "2026-01-01T00:00:00+0100",
                           "2026-01-01T00:00:00ZZ",
                           " 2026-01-01T00:00:00Z",
                           "+026-01-01T00:00:00Z",
                           "2026-01-01T00:00:00",
                           "2026/01/01T00:00:00Z"}) {
    EXPECT_FALSE(parse_rfc3339(text).has_value()) << text;
  }
  EXPECT_FALSE(parse_rfc3339(std::string_view("2026-01-01T00:00:00Z\0", 21)).has_value());
}

TEST(Rfc3339, refuses_what_an_offset_moves_out_of_the_years1970_to9999) {
  EXPECT_FALSE(parse_rfc3339("1969-12-31T23:59:59Z").has_value());
  EXPECT_FALSE(parse_rfc3339("1970-01-01T00:00:00+00:01").has_value());
  EXPECT_FALSE(parse_rfc3339("9999-12-31T23:59:00-00:01").has_value());
}

TEST(Rfc3339, says_how_to_write_a_time) {
  const Result<Timestamp> at = parse_rfc3339("tomorrow");
  ASSERT_FALSE(at.has_value());
  EXPECT_EQ(at.error().code, ErrorCode::kInvalid);
  EXPECT_EQ(at.error().message, "'tomorrow' is not a time: write it as RFC 3339, for example 2026-11-27T10:00:00Z");
}

TEST(Rfc3339, writes_utc_with_milliseconds) {
  EXPECT_EQ(format_rfc3339(Timestamp()), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(format_rfc3339(Timestamp::from_micros(482'196'050'520'999)), "1985-04-12T23:20:50.520Z");
}

TEST(Rfc3339, what_is_written_reads_back_the_same_for_random_times) {
  constexpr uint64_t kLastMilli = 253'402'300'799'999;
  Prng random(3339);
  for (int i = 0; i < 20'000; ++i) {
    const Timestamp at = Timestamp::from_micros(static_cast<int64_t>(random.below(kLastMilli)) * 1'000);
    ASSERT_EQ(micros_of(format_rfc3339(at)), at.micros());
  }
}

TEST(Rfc3339, no_cut_or_changed_text_is_ever_read_past_its_end) {
  const std::string good = "2026-11-27T10:00:00.123456+01:30";
  Prng random(1);
  for (int i = 0; i < 20'000; ++i) {
    std::string text = good.substr(0, random.below(good.size() + 1));
    if (!text.empty()) text[random.below(text.size())] = static_cast<char>(random.below(256));
    const std::string exact(text.data(), text.size());  // its own allocation: a read past the end is caught
    const Result<Timestamp> at = parse_rfc3339(exact);
    if (at) {
      EXPECT_GE(at->micros(), 0);
    }
  }
}

TEST(SystemClock, tells_a_time_after_this_was_written) {
  const SystemClock clock;
  EXPECT_GT(clock.now().micros(), micros_of("2025-01-01T00:00:00Z"));
  const Timestamp first = clock.now();  // in its own statement: arguments are evaluated in any order
  EXPECT_LE(first, clock.now());
}

}  // namespace
}  // namespace doorbuster
