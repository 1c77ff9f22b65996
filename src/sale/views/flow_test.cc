#include "sale/views/flow.h"

#include <gtest/gtest.h>

namespace doorbuster::sale {
namespace {

Timestamp at_millis(int64_t millis) { return Timestamp() + Duration::millis(millis); }

FlowCounts sold(uint32_t units) { return {.sold = units}; }

std::vector<int64_t> seconds_of(const FlowSeries& series) {
  std::vector<int64_t> seconds;
  for (const FlowPoint& point : series.points()) seconds.push_back(point.second);
  return seconds;
}

using Seconds = std::vector<int64_t>;

TEST(FlowSeries, keeps_what_the_counts_were_at_the_end_of_each_second_with_a_change) {
  FlowSeries series(4);
  series.note(at_millis(7'100), sold(1));
  series.note(at_millis(7'900), sold(2));
  series.note(at_millis(11'000), sold(3));
  const std::vector<FlowPoint> points = {{7, sold(2)}, {11, sold(3)}};
  EXPECT_EQ(series.points(), points);
}

TEST(FlowSeries, doubles_its_stretches_when_it_is_full) {
  FlowSeries series(4);
  for (uint32_t second = 0; second < 5; ++second) series.note(at_millis(1'000 * second), sold(second));
  EXPECT_EQ(series.stretch_seconds(), 2);
  const std::vector<FlowPoint> points = {{0, sold(1)}, {2, sold(3)}, {4, sold(4)}};
  EXPECT_EQ(series.points(), points);
}

TEST(FlowSeries, doubles_as_often_as_it_takes_where_changes_are_far_apart) {
  FlowSeries series(3);
  for (const int64_t second : {0, 100, 200, 300}) series.note(at_millis(1'000 * second), sold(1));
  EXPECT_EQ(series.stretch_seconds(), 128);
  EXPECT_EQ(seconds_of(series), (Seconds{0, 128, 256}));
}

TEST(FlowSeries, never_has_more_points_than_it_may_and_always_the_last_counts) {
  FlowSeries series(600);
  for (uint32_t i = 0; i < 50'000; ++i) {
    series.note(at_millis(700 * int64_t{i}), sold(i));
    ASSERT_LE(series.points().size(), 600U);
    ASSERT_EQ(series.points().back().counts, sold(i));
  }
  EXPECT_GT(series.points().size(), 300U);
}

TEST(LastMinute, forgets_what_is_older_than_sixty_seconds) {
  LastMinute minute;
  for (const int64_t second : {100, 100, 130, 159}) minute.note(at_millis(1'000 * second));
  EXPECT_EQ(minute.count(at_millis(159'000)), 4U);
  EXPECT_EQ(minute.count(at_millis(160'000)), 2U);
  EXPECT_EQ(minute.count(at_millis(218'999)), 1U);
  EXPECT_EQ(minute.count(at_millis(219'000)), 0U);
  minute.note(at_millis(1'000'000));
  EXPECT_EQ(minute.count(at_millis(1'000'000)), 1U);
}

class FlowTest : public ::testing::Test {
 protected:
  template <class Event>
  void tell(const Event& event, int64_t second = 0) {
    flow_.on(event, EventPlace{CellId(), Sequence(++sequence_), at_millis(1'000 * second), traces_});
  }
  void create(uint32_t units) {
    SaleCreated created{.sale = kSale};
    created.settings.units = units;
    tell(created);
  }
  void join(uint32_t slot) { tell(Joined{.sale = kSale, .entry = {slot, 0}, .position = slot + 1}); }
  void offer(uint32_t slot) { tell(Offered{.sale = kSale, .entry = {slot, 0}}); }
  void hold(uint32_t slot, std::optional<EntryNumber> entry = std::nullopt) {
    tell(Held{.sale = kSale, .hold = {slot, 0}, .entry = entry});
  }
  [[nodiscard]] const FlowCounts& now() const { return flow_.of(kSale).now; }

  static constexpr SaleNumber kSale{0};
  Flow flow_;
  platform::TraceIndex traces_;
  uint64_t sequence_ = 0;
};

TEST_F(FlowTest, knows_whether_who_leaves_was_waiting_or_had_an_offer) {
  create(2);
  for (const uint32_t slot : {0, 1, 2}) join(slot);
  offer(0);
  tell(EntryLeft{.sale = kSale, .entry = {0, 0}});
  tell(EntryRemoved{.sale = kSale, .entry = {2, 0}});
  const FlowCounts left = {.available = 2, .waiting = 1, .joined = 3, .left = 1, .removed = 1, .offers = 1};
  EXPECT_EQ(now(), left);
  offer(1);
  tell(OfferLapsed{.sale = kSale, .entry = {1, 0}});
  EXPECT_EQ(now().available, 2U);
  EXPECT_EQ(now().lapsed, 1U);
}

TEST_F(FlowTest, forgets_the_offer_of_an_entry_whose_slot_is_used_again) {
  create(2);
  join(0);
  offer(0);
  hold(0, EntryNumber{0, 0});
  tell(HoldReleased{.sale = kSale, .hold = {0, 0}});
  tell(Joined{.sale = kSale, .entry = {0, 1}, .position = 2});
  tell(EntryLeft{.sale = kSale, .entry = {0, 1}});
  const FlowCounts gone = {.available = 2, .joined = 2, .left = 1, .offers = 1, .holds = 1, .released = 1};
  EXPECT_EQ(now(), gone);
}

TEST_F(FlowTest, knows_whether_a_hold_that_ends_was_being_paid) {
  create(3);
  for (const uint32_t slot : {0, 1, 2}) hold(slot);
  for (const uint32_t slot : {0, 1}) tell(PaymentStarted{.sale = kSale, .hold = {slot, 0}, .attempt = 1});
  EXPECT_EQ(now().paying, 2U);
  tell(HoldExpired{.sale = kSale, .hold = {0, 0}});
  tell(PaymentFailed{.sale = kSale, .hold = {0, 0}, .attempt = 1});  // it was over by then
  tell(PaymentFailed{.sale = kSale, .hold = {1, 0}, .attempt = 1});
  tell(PaymentSucceeded{.sale = kSale, .hold = {1, 0}, .attempt = 1});
  tell(PaymentStarted{.sale = kSale, .hold = {2, 0}, .attempt = 1});
  tell(PaymentSucceeded{.sale = kSale, .hold = {2, 0}, .attempt = 1});
  const FlowCounts end = {.available = 1, .sold = 2, .holds = 3, .expired = 1};
  EXPECT_EQ(now(), end);
}

TEST_F(FlowTest, begins_a_part_of_its_own_at_the_opening) {
  create(1);
  for (uint32_t slot = 0; slot < 1'000; ++slot)
    tell(Joined{.sale = kSale, .entry = {slot, 0}, .position = slot + 1}, 60 * (1 + int64_t{slot}));
  EXPECT_LE(flow_.of(kSale).before.points().size(), SaleFlow::kPointsBefore);
  EXPECT_GT(flow_.of(kSale).before.stretch_seconds(), 1);
  tell(SaleMoved{.sale = kSale, .to = SaleState::kOpen}, 70'001);
  tell(Offered{.sale = kSale, .entry = {0, 0}}, 70'002);
  EXPECT_EQ(seconds_of(flow_.of(kSale).from_opening), (Seconds{70'001, 70'002}));
}

TEST_F(FlowTest, lets_nobody_wait_for_a_closed_sale) {
  create(2);
  join(0);
  join(1);
  offer(0);
  tell(SaleMoved{.sale = kSale, .to = SaleState::kClosed});
  EXPECT_EQ(now().waiting + now().offered, 0U);
  EXPECT_EQ(now().available, 2U);
}

TEST_F(FlowTest, follows_a_change_of_the_units) {
  create(2);
  hold(0);
  SaleChanged changed{.sale = kSale};
  changed.settings.units = 5;
  tell(changed);
  EXPECT_EQ(now().available, 4U);
}

}  // namespace
}  // namespace doorbuster::sale
