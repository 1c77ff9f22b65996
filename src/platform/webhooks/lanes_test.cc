#include "platform/webhooks/lanes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/webhooks/lanes_test_helpers.h"

namespace doorbuster::platform {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::kNow;
using testing::numbers;
using testing::traced;

const Lanes::Pause kOneSecond = [](uint32_t attempts) { return Duration::seconds(attempts); };

class LanesTest : public ::testing::Test {
 protected:
  void add(uint64_t sequence, std::string_view key) { lanes_.add(traced(sequence, key)); }
  std::vector<TracedDelivery> take(size_t max = 1, Timestamp now = kNow) { return lanes_.take_due(now, max); }

  Lanes lanes_{SequenceRanges(10), 4};
};

TEST_F(LanesTest, one_key_goes_one_after_the_other) {
  add(11, "a");
  add(12, "a");
  const auto first = take();
  EXPECT_THAT(numbers(first), ElementsAre(11));
  EXPECT_THAT(take(), IsEmpty());
  lanes_.delivered(first);
  EXPECT_THAT(numbers(take()), ElementsAre(12));
}

TEST_F(LanesTest, keys_go_side_by_side) {
  add(11, "a");
  add(12, "b");
  EXPECT_THAT(numbers(take()), ElementsAre(11));
  EXPECT_THAT(numbers(take()), ElementsAre(12));
  EXPECT_EQ(lanes_.next_due(), std::nullopt);
}

TEST_F(LanesTest, a_request_takes_several_of_one_key_and_of_others_in_the_order_of_the_log) {
  add(11, "a");
  add(12, "b");
  add(13, "a");
  add(14, "b");
  EXPECT_THAT(numbers(take(3)), ElementsAre(11, 12, 13));
  EXPECT_THAT(take(3), IsEmpty()) << "b's second has to wait for its first";
}

TEST_F(LanesTest, the_position_moves_only_over_what_was_delivered) {
  add(11, "a");
  add(15, "b");
  const auto first = take();
  const auto second = take();
  lanes_.delivered(second);
  EXPECT_EQ(lanes_.done().position(), 10U);
  EXPECT_THAT(lanes_.done().above(9), ElementsAre(SequenceRange{12, 15}));
  lanes_.delivered(first);
  EXPECT_EQ(lanes_.done().position(), 15U);
}

TEST_F(LanesTest, what_is_not_to_be_told_counts_as_done) {
  lanes_.skip_to(11);
  EXPECT_EQ(lanes_.done().position(), 11U);
  add(12, "a");
  lanes_.skip_to(13);
  EXPECT_EQ(lanes_.done().position(), 11U);
  EXPECT_EQ(lanes_.read_after(), 13U);
  lanes_.delivered(take());
  EXPECT_EQ(lanes_.done().position(), 13U);
}

TEST_F(LanesTest, what_was_delivered_before_a_restart_is_not_delivered_again) {
  Lanes again(SequenceRanges(10, {{12, 12}}), 4);
  again.add(traced(11, "a"));
  again.add(traced(12, "b"));
  again.add(traced(13, "c"));
  EXPECT_THAT(numbers(again.take_due(kNow, 9)), ElementsAre(11, 13));
}

TEST_F(LanesTest, one_that_is_stuck_does_not_keep_the_others_from_being_read) {
  add(11, "a");
  const auto stuck = take();
  for (uint64_t sequence = 12; sequence < 100; ++sequence) {
    ASSERT_TRUE(lanes_.wants_more());
    add(sequence, "b");
    lanes_.delivered(take());
  }
  EXPECT_EQ(lanes_.done().position(), 10U);
  EXPECT_EQ(lanes_.done().size(), 1U);
}

TEST_F(LanesTest, reading_ahead_is_bounded) {
  for (uint64_t sequence = 11; sequence < 15; ++sequence) add(sequence, "a");
  EXPECT_FALSE(lanes_.wants_more());
}

TEST_F(LanesTest, a_failure_holds_back_its_own_key_for_a_growing_while) {
  add(11, "a");
  add(12, "a");
  add(13, "b");
  lanes_.failed(take(), kNow, true, kOneSecond);
  EXPECT_THAT(numbers(take()), ElementsAre(13));
  EXPECT_THAT(take(), IsEmpty());
  EXPECT_EQ(lanes_.next_due(), kNow + Duration::seconds(1));
  const auto again = take(1, kNow + Duration::seconds(1));
  EXPECT_THAT(numbers(again), ElementsAre(11));
  lanes_.failed(again, kNow, true, kOneSecond);
  EXPECT_EQ(lanes_.next_due(), kNow + Duration::seconds(2));
}

TEST_F(LanesTest, deliveries_that_were_refused_together_are_tried_one_by_one) {
  add(11, "a");
  add(12, "b");
  lanes_.failed(take(9), kNow, true, kOneSecond);
  add(13, "c");
  EXPECT_THAT(numbers(take(9, kNow + Duration::seconds(1))), ElementsAre(11));
  EXPECT_THAT(numbers(take(9, kNow + Duration::seconds(1))), ElementsAre(12));
  EXPECT_THAT(numbers(take(9, kNow + Duration::seconds(1))), ElementsAre(13));
}

TEST_F(LanesTest, deliveries_that_nobody_looked_at_stay_together) {
  add(11, "a");
  add(12, "b");
  lanes_.failed(take(9), kNow, false, kOneSecond);
  EXPECT_THAT(numbers(take(9, kNow + Duration::seconds(1))), ElementsAre(11, 12));
}

TEST_F(LanesTest, what_waits_long_can_be_hurried_or_tried_at_once) {
  add(11, "a");
  lanes_.failed(take(), kNow, true, [](uint32_t) { return Duration::seconds(3'600); });
  lanes_.hurry(kNow + Duration::seconds(60));
  EXPECT_EQ(lanes_.next_due(), kNow + Duration::seconds(60));
  lanes_.retry_now();
  EXPECT_THAT(numbers(take()), ElementsAre(11));
}

}  // namespace
}  // namespace doorbuster::platform
