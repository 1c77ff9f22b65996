#include "guard/timing_table.h"

#include <gtest/gtest.h>

#include "base/prng.h"

namespace doorbuster::guard {
namespace {

constexpr Timestamp kStart = Timestamp::from_micros(1'700'000'000'000'000);
constexpr uint64_t kKey = 0x1234'5678'9ABC'DEF0;

TEST(TimingTable, counts_intervals_that_are_the_same) {
  TimingTable table(64, kStart);
  Timestamp now = kStart;
  EXPECT_EQ(table.note(kKey, now), 0U);
  EXPECT_EQ(table.note(kKey, now = now + Duration::millis(1'000)), 0U) << "the first interval";
  EXPECT_EQ(table.note(kKey, now = now + Duration::millis(1'010)), 1U);
  EXPECT_EQ(table.note(kKey, now = now + Duration::millis(990)), 2U);
  EXPECT_EQ(table.note(kKey, now = now + Duration::millis(1'600)), 0U) << "another one";
  EXPECT_EQ(table.note(kKey, now = now + Duration::millis(1'600)), 1U);
}

TEST(TimingTable, begins_anew_after_a_rest) {
  TimingTable table(64, kStart);
  Timestamp now = kStart;
  for (int i = 0; i < 5; ++i) table.note(kKey, now = now + Duration::seconds(10));
  EXPECT_EQ(table.note(kKey, now = now + Duration::seconds(10)), 4U);
  EXPECT_EQ(table.note(kKey, now = now + Duration::seconds(121)), 0U);
  EXPECT_EQ(table.note(kKey, now = now + Duration::seconds(10)), 0U);
  EXPECT_EQ(table.note(kKey, now = now + Duration::seconds(10)), 1U);
}

TEST(TimingTable, counts_no_further_than_it_can) {
  TimingTable table(64, kStart);
  unsigned run = 0;
  for (int i = 0; i < 200; ++i) run = table.note(kKey, kStart + Duration::seconds(5 * int64_t{i}));
  EXPECT_EQ(run, 63U);
}

TEST(TimingTable, gives_a_place_to_whoever_came_last) {
  TimingTable table(1, kStart);
  const uint64_t other = ~kKey;
  Timestamp now = kStart;
  for (int i = 0; i < 4; ++i) table.note(kKey, now = now + Duration::seconds(1));
  EXPECT_EQ(table.note(other, now = now + Duration::seconds(1)), 0U);
  EXPECT_EQ(table.note(kKey, now = now + Duration::seconds(1)), 0U) << "forgotten";
}

TEST(TimingTable, finds_no_evenness_in_what_people_do) {
  TimingTable table(64, kStart);
  Prng random(11);
  Timestamp now = kStart;
  unsigned longest = 0;
  for (int i = 0; i < 1'000; ++i) {
    now = now + Duration::millis(static_cast<int64_t>(500 + random.below(8'000)));
    longest = std::max(longest, table.note(kKey, now));
  }
  EXPECT_LE(longest, 3U) << "the policy begins to count at more than six";
}

}  // namespace
}  // namespace doorbuster::guard
