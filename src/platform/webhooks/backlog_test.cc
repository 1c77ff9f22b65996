#include "platform/webhooks/backlog.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/webhooks/lanes_test_helpers.h"

namespace doorbuster::platform {
namespace {

using ::testing::ElementsAre;
using testing::kNow;
using testing::numbers;
using testing::traced;

const SourceId kSource{.service = "sale", .cell = 0};
const SourceId kOther{.service = "sale", .cell = 1};

class BacklogTest : public ::testing::Test {
 protected:
  void add(uint64_t count, size_t source = 0) {
    Lanes& lanes = backlog_.lanes(source);
    for (uint64_t i = 0; i < count; ++i) {
      const uint64_t sequence = lanes.read_after() + 1;
      lanes.add(traced(sequence, "hold_" + std::to_string(sequence)));
    }
  }
  Backlog::Request take(Timestamp now = kNow) {
    const auto request = backlog_.take_due(now);
    EXPECT_TRUE(request.has_value());
    return request.value_or(Backlog::Request{});
  }

  const BacklogOptions options_{.in_flight_max = 3, .trouble_after = 2};
  Backlog backlog_{{{kSource, 10}, {kOther, 5}}, {}, options_};
};

TEST_F(BacklogTest, requests_in_flight_are_bounded_over_all_sources) {
  add(4);
  add(4, 1);
  std::vector<size_t> sources;
  for (int i = 0; i < 3; ++i) sources.push_back(take().source);
  EXPECT_THAT(sources, ElementsAre(0, 1, 0));
  EXPECT_FALSE(backlog_.take_due(kNow).has_value());
  EXPECT_EQ(backlog_.next_due(), std::nullopt);
}

TEST_F(BacklogTest, a_source_without_a_position_begins_with_what_comes_from_now_on) {
  EXPECT_EQ(backlog_.lanes(0).read_after(), 10U);
  EXPECT_EQ(backlog_.lanes(1).read_after(), 5U);
}

TEST_F(BacklogTest, goes_on_where_each_source_was_and_keeps_the_places_of_those_that_are_not_here) {
  const SourcePosition known{.source = kSource, .position = 3, .delivered = {{5, 6}}};
  const SourcePosition absent{.source = {.service = "links", .cell = 0}, .position = 8, .delivered = {}};
  const Backlog again({{kSource, 10}}, {.sources = {known, absent}}, options_);
  EXPECT_EQ(again.lanes(0).read_after(), 3U);
  EXPECT_THAT(again.positions(), ElementsAre(known, absent));
}

TEST_F(BacklogTest, a_place_beyond_the_end_of_the_log_is_of_another_log) {
  const Backlog again({{kSource, 10}}, {.sources = {{.source = kSource, .position = 4'711}}}, options_);
  EXPECT_EQ(again.lanes(0).read_after(), 10U);
}

TEST_F(BacklogTest, an_endpoint_in_trouble_gets_one_request_at_a_time_with_growing_pauses) {
  add(9);
  const auto first = take();
  const auto second = take();
  const auto third = take();
  backlog_.failed(first, {.at = kNow});
  backlog_.failed(second, {.at = kNow});
  backlog_.failed(third, {.at = kNow});
  EXPECT_FALSE(backlog_.take_due(kNow).has_value());
  EXPECT_EQ(backlog_.next_due(), kNow + Duration::seconds(1));
  const Timestamp later = kNow + Duration::seconds(1);
  const auto trial = take(later);
  EXPECT_FALSE(backlog_.take_due(later).has_value());
  backlog_.failed(trial, {.at = later});
  EXPECT_EQ(backlog_.next_due(), later + Duration::seconds(2));
}

TEST_F(BacklogTest, the_pauses_of_trouble_end_at_a_minute) {
  add(9);
  Timestamp now = kNow;
  for (int i = 0; i < 12; ++i) {
    backlog_.failed(take(now), {.at = now});
    now = backlog_.next_due().value();
  }
  const Timestamp last = now;
  backlog_.failed(take(now), {.at = now});
  EXPECT_EQ(backlog_.next_due().value() - last, Duration::seconds(60));
}

TEST_F(BacklogTest, a_success_ends_the_trouble_and_brings_the_retries_near) {
  add(9);
  const auto first = take();
  const auto second = take();
  const auto third = take();
  backlog_.failed(first, {.at = kNow});
  backlog_.failed(second, {.at = kNow, .asked = Duration::seconds(3'600)});
  EXPECT_EQ(backlog_.failing_since(), kNow);
  backlog_.delivered(third, kNow);
  EXPECT_EQ(backlog_.failing_since(), std::nullopt);
  for (int i = 0; i < 3; ++i) EXPECT_GT(numbers(take().deliveries)[0], 13U);
}

TEST_F(BacklogTest, a_receiver_that_asks_for_a_pause_gets_it_for_everything) {
  add(2);
  backlog_.failed(take(), {.at = kNow, .asked = Duration::seconds(120)});
  EXPECT_FALSE(backlog_.take_due(kNow + Duration::seconds(119)).has_value());
  EXPECT_TRUE(backlog_.take_due(kNow + Duration::seconds(120)).has_value());
}

TEST_F(BacklogTest, days_without_a_success_exhaust_it) {
  add(1);
  backlog_.failed(take(), {.at = kNow});
  EXPECT_FALSE(backlog_.exhausted(kNow + Duration::seconds(3 * 86'400 - 1)));
  EXPECT_TRUE(backlog_.exhausted(kNow + Duration::seconds(3 * 86'400)));
  backlog_.retry_now();
  EXPECT_FALSE(backlog_.exhausted(kNow + Duration::seconds(3 * 86'400)));
  EXPECT_THAT(numbers(take().deliveries), ElementsAre(11));
}

}  // namespace
}  // namespace doorbuster::platform
