#include "platform/webhooks/lanes.h"

#include <gtest/gtest.h>

#include <set>

#include "base/prng.h"

namespace doorbuster::platform {
namespace {

const Timestamp kNow = parse_rfc3339("2026-11-27T10:00:00Z").value();

Delivery delivery(uint64_t sequence, std::string_view sale) {
  return {.sequence = sequence, .sale = std::string(sale), .type = "hold.created", .at = kNow, .json = "{}"};
}

uint64_t take(Lanes& lanes, Timestamp now = kNow) {
  const Delivery* taken = lanes.take_due(now);
  return taken == nullptr ? 0 : taken->sequence;
}

class LanesTest : public ::testing::Test {
 protected:
  Lanes lanes_{10, {}, {.window_max = 4, .in_flight_max = 2}};
};

TEST_F(LanesTest, one_sale_goes_one_after_the_other) {
  lanes_.add(delivery(11, "a"));
  lanes_.add(delivery(12, "a"));
  EXPECT_EQ(take(lanes_), 11U);
  EXPECT_EQ(take(lanes_), 0U);
  lanes_.delivered(11, kNow);
  EXPECT_EQ(take(lanes_), 12U);
}

TEST_F(LanesTest, sales_go_side_by_side_up_to_the_bound) {
  lanes_.add(delivery(11, "a"));
  lanes_.add(delivery(12, "b"));
  lanes_.add(delivery(13, "c"));
  EXPECT_EQ(take(lanes_), 11U);
  EXPECT_EQ(take(lanes_), 12U);
  EXPECT_EQ(take(lanes_), 0U);
  EXPECT_EQ(lanes_.next_due(), std::nullopt);
}

TEST_F(LanesTest, the_position_moves_only_over_what_was_delivered) {
  lanes_.add(delivery(11, "a"));
  lanes_.add(delivery(15, "b"));
  EXPECT_EQ(take(lanes_), 11U);
  EXPECT_EQ(take(lanes_), 15U);
  lanes_.delivered(15, kNow);
  EXPECT_EQ(lanes_.position(), 10U);
  lanes_.delivered(11, kNow);
  EXPECT_EQ(lanes_.position(), 15U);
}

TEST_F(LanesTest, skipped_deliveries_count_once_what_lies_before_is_delivered) {
  lanes_.skip(11);
  EXPECT_EQ(lanes_.position(), 11U);
  lanes_.add(delivery(12, "a"));
  lanes_.skip(13);
  EXPECT_EQ(lanes_.position(), 11U);
  EXPECT_EQ(take(lanes_), 12U);
  lanes_.delivered(12, kNow);
  EXPECT_EQ(lanes_.position(), 13U);
  EXPECT_EQ(lanes_.read_after(), 13U);
}

TEST_F(LanesTest, reading_ahead_is_bounded) {
  for (uint64_t i = 11; i < 15; ++i) lanes_.add(delivery(i, "a"));
  EXPECT_FALSE(lanes_.wants_more());
}

TEST_F(LanesTest, a_failure_holds_back_its_own_sale_for_a_growing_while) {
  lanes_.add(delivery(11, "a"));
  lanes_.add(delivery(12, "a"));
  lanes_.add(delivery(13, "b"));
  EXPECT_EQ(take(lanes_), 11U);
  lanes_.failed(11, kNow, 0, {});
  EXPECT_EQ(lanes_.failing_since(), kNow);
  EXPECT_EQ(take(lanes_), 13U);
  EXPECT_EQ(take(lanes_), 0U);
  EXPECT_EQ(lanes_.next_due(), kNow + Duration::seconds(1));
  EXPECT_EQ(take(lanes_, kNow + Duration::seconds(1)), 11U);
  lanes_.failed(11, kNow, 0, {});
  EXPECT_EQ(lanes_.next_due(), kNow + Duration::seconds(2));
}

TEST_F(LanesTest, a_success_after_failures_brings_the_other_retries_near) {
  lanes_.add(delivery(11, "a"));
  lanes_.add(delivery(12, "b"));
  EXPECT_EQ(take(lanes_), 11U);
  EXPECT_EQ(take(lanes_), 12U);
  lanes_.failed(11, kNow, 0, Duration::seconds(3'600));
  lanes_.delivered(12, kNow);
  EXPECT_EQ(lanes_.next_due(), kNow + Duration::seconds(60));
  EXPECT_EQ(lanes_.failing_since(), std::nullopt);
}

TEST_F(LanesTest, days_without_a_success_are_hopeless) {
  lanes_.add(delivery(11, "a"));
  EXPECT_EQ(take(lanes_), 11U);
  lanes_.failed(11, kNow, 0, {});
  EXPECT_FALSE(lanes_.hopeless(kNow + Duration::seconds(3 * 86'400 - 1)));
  EXPECT_TRUE(lanes_.hopeless(kNow + Duration::seconds(3 * 86'400)));
  lanes_.retry_now();
  EXPECT_FALSE(lanes_.hopeless(kNow + Duration::seconds(3 * 86'400)));
  EXPECT_EQ(take(lanes_), 11U);
}

// Against a receiver that fails at random: every delivery arrives, each sale's in order, and the position never passes
// one that did not.
void run_seed(uint64_t seed) {
  Prng prng(seed);
  Lanes lanes(0, {}, {.window_max = 16, .in_flight_max = 3});
  std::map<std::string, uint64_t> last_of_sale;
  std::set<uint64_t> arrived;
  std::vector<uint64_t> in_flight;
  std::map<uint64_t, std::string> sale_of;
  Timestamp now = kNow;
  for (int step = 0; step < 3'000; ++step) {
    if (lanes.wants_more() && prng.chance(2) && lanes.read_after() < 200) {
      const uint64_t sequence = lanes.read_after() + 1 + prng.below(3);
      sale_of[sequence] = std::string(1, static_cast<char>('a' + prng.below(5)));
      lanes.add(delivery(sequence, sale_of[sequence]));
    }
    if (const uint64_t taken = take(lanes, now)) in_flight.push_back(taken);
    if (!in_flight.empty() && prng.chance(2)) {
      const size_t index = prng.below(in_flight.size());
      const uint64_t sequence = in_flight[index];
      in_flight.erase(in_flight.begin() + static_cast<ptrdiff_t>(index));
      if (prng.chance(3)) {
        lanes.failed(sequence, now, prng.next(), {});
      } else {
        EXPECT_LT(last_of_sale[sale_of[sequence]], sequence) << "seed " << seed;
        last_of_sale[sale_of[sequence]] = sequence;
        arrived.insert(sequence);
        lanes.delivered(sequence, now);
      }
    }
    for (const auto& [sequence, sale] : sale_of) {
      ASSERT_TRUE(sequence > lanes.position() || arrived.contains(sequence)) << "seed " << seed;
    }
    now = now + Duration::seconds(static_cast<int64_t>(prng.below(20)));
  }
  EXPECT_EQ(lanes.waiting(), 0U) << "seed " << seed;
  EXPECT_EQ(arrived.size(), sale_of.size()) << "seed " << seed;
}

TEST(Lanes, deliver_everything_in_order_whatever_fails) {
  for (uint64_t seed = 1; seed <= 30; ++seed) run_seed(seed);
}

}  // namespace
}  // namespace doorbuster::platform
