// How fast the line moves: outflow_per_minute by the generic cell rate algorithm, in virtual time.
#include "sale/machine/machine_test_fixture.h"

namespace doorbuster::sale {
namespace {

constexpr Capacity kWide = {.sales = 1, .holds = 8, .entries = 20'000, .operator_keys = 4};

class Outflow : public testing::Test {
 protected:
  Outflow() { machine_.go_live(kStart); }

  void open_with(uint32_t outflow_per_minute, uint64_t people) {
    auto settings = std::make_unique<Settings>();
    settings->id = "ps5";
    settings->units = 1'000'000;
    settings->claim_seconds = 3'600;
    settings->opens_at = kStart;
    settings->outflow_per_minute = outflow_per_minute;
    decide(CreateSale{std::move(settings), false, {}}, 0);
    for (uint64_t who = 1; who <= people; ++who) decide(Join{SaleNumber(0), customer(who), {}}, 0);
  }
  Reply decide(const Command& command, double seconds) {
    std::vector<std::byte> payload;
    EventSink sink{payload};
    return machine_.decide(command, at(seconds), sink);
  }
  // Offers made until then, with ticks whenever the machine asks for one, but at most one each `pause`.
  uint32_t served_by(double seconds, double pause = 0) {
    while (next_tick_ <= at(seconds)) {
      std::vector<std::byte> payload;
      EventSink sink{payload};
      EXPECT_TRUE(machine_.tick(next_tick_, SIZE_MAX, sink));
      const Timestamp soonest =
          next_tick_ + Duration::micros(std::max<int64_t>(1'000, static_cast<int64_t>(pause * 1e6)));
      next_tick_ = std::max(soonest, std::min(machine_.next_deadline(), soonest + Duration::seconds(1)));
    }
    return machine_.state().status_of(SaleNumber(0)).now_serving;
  }

  Machine machine_{kWide};
  Timestamp next_tick_ = kStart;
};

TEST_F(Outflow, brings_five_hundred_a_minute_after_a_first_second_of_catching_up) {
  open_with(500, 3'000);
  const uint32_t first_second = 500 / 60 + 1;
  const uint32_t after_one = served_by(60);
  EXPECT_GE(after_one, 500U);
  EXPECT_LE(after_one, 500U + first_second);
  EXPECT_EQ(served_by(120) - after_one, 500U);
  EXPECT_EQ(served_by(300) - after_one, 2'000U);
}

TEST_F(Outflow, does_not_drift_where_a_minute_can_not_be_divided_evenly) {
  open_with(7'000, 16'000);  // 8,571.43 microseconds each
  const uint32_t after_one = served_by(60);
  EXPECT_EQ(served_by(120) - after_one, 7'000U);
}

TEST_F(Outflow, makes_the_same_number_of_offers_however_rarely_it_ticks) {
  open_with(600, 3'000);
  const uint32_t start = served_by(60, 0.9);
  EXPECT_EQ(served_by(240, 0.9) - start, 1'800U);
}

TEST_F(Outflow, catches_up_on_no_more_than_a_second) {
  open_with(600, 3'000);
  const uint32_t before = served_by(10);
  next_tick_ = at(40);
  EXPECT_LE(served_by(40) - before, 11U);
}

TEST_F(Outflow, may_be_changed_on_the_way) {
  open_with(60, 3'000);
  const uint32_t before = served_by(60);
  auto faster = std::make_unique<SettingsPatch>();
  faster->outflow_per_minute = std::optional<uint32_t>(600);
  EXPECT_EQ(decide(ChangeSale{SaleNumber(0), std::move(faster), {}}, 60).outcome, Outcome::kDone);
  const uint32_t after = served_by(120);
  EXPECT_NEAR(after - before, 600, 10);
  auto none = std::make_unique<SettingsPatch>();
  none->outflow_per_minute = std::optional<uint32_t>();
  EXPECT_EQ(decide(ChangeSale{SaleNumber(0), std::move(none), {}}, 120).outcome, Outcome::kDone);
  EXPECT_EQ(served_by(121), 3'000U) << "as fast as units are there";
}

TEST_F(Outflow, starts_at_the_beginning_of_time) {
  auto settings = std::make_unique<Settings>();
  settings->id = "ps5";
  settings->units = 10;
  settings->outflow_per_minute = 60;
  Machine machine(kWide);
  machine.go_live(Timestamp());
  std::vector<std::byte> payload;
  EventSink sink{payload};
  (void)machine.decide(CreateSale{std::move(settings), false, {}}, Timestamp(), sink);
  (void)machine.decide(Join{SaleNumber(0), customer(1), {}}, Timestamp::from_micros(1'000'000), sink);
  EXPECT_EQ(machine.state().status_of(SaleNumber(0)).offered, 1U);
  EXPECT_EQ(loaded_and_saved(saved(machine), kWide), saved(machine));
}

// Places in the outflow that were given back.
class GivingBack : public MachineFixture {
 protected:
  // One offer a minute, and an offer is good for 20 seconds.
  static Settings slow(uint32_t units = 8) {
    Settings slow = settings(QueueKind::kFifo, units);
    slow.outflow_per_minute = 1;
    slow.claim_seconds = 20;
    return slow;
  }
  EntryNumber joined(uint64_t who) { return join(who).entry->number; }
  SettingsPatch pace(std::optional<uint32_t> per_minute) { return {.outflow_per_minute = std::optional(per_minute)}; }
};

TEST_F(GivingBack, passes_the_place_of_who_does_not_come_to_the_next_at_once) {
  open(slow());
  for (uint64_t who = 1; who <= 4; ++who) join(who);
  EXPECT_EQ(status().now_serving, 1U);
  at_second(29.999);
  EXPECT_EQ(status().now_serving, 1U);
  at_second(30);
  EXPECT_EQ(status().now_serving, 2U);
  EXPECT_EQ(reserve(2).outcome, Outcome::kDone);
  at_second(68.999);
  EXPECT_EQ(status().now_serving, 2U);
  at_second(69);
  EXPECT_EQ(status().now_serving, 3U) << "the pace goes on as if nothing had been";
}

TEST_F(GivingBack, takes_who_leaves_or_is_removed_for_one_who_does_not_come) {
  open(slow());
  const EntryNumber first = joined(1);
  const EntryNumber second = joined(2);
  for (uint64_t who = 3; who <= 5; ++who) join(who);
  leave(first, 1);
  EXPECT_EQ(status().now_serving, 2U);
  remove(second);
  EXPECT_EQ(status().now_serving, 3U);
  const EntryNumber waiting = look(machine_.state().number_of_entry(3)).entry->number;
  leave(waiting, 4);
  EXPECT_EQ(status().now_serving, 3U) << "who only waited had no place in the outflow";
}

TEST_F(GivingBack, does_not_happen_where_the_offer_was_claimed) {
  open(slow());
  join(1);
  join(2);
  release(held_by(1), 1);
  EXPECT_EQ(status().now_serving, 1U);
}

TEST_F(GivingBack, survives_a_short_pause_and_a_line_that_is_empty_for_a_moment) {
  open(slow());
  const EntryNumber first = joined(1);
  join(2);
  act(SaleAction::kPause);
  leave(first, 1);
  at_second(15);
  act(SaleAction::kResume);
  EXPECT_EQ(status().now_serving, 2U);
  at_second(35);  // the second has not come
  EXPECT_EQ(status().waiting, 0U);
  at_second(54.999);
  join(3);
  EXPECT_EQ(status().offered, 1U);
}

TEST_F(GivingBack, is_forgotten_after_the_time_that_a_claim_takes) {
  open(slow());
  for (uint64_t who = 1; who <= 2; ++who) join(who);
  at_second(30);  // the first has not come
  at_second(50);  // nor the second: its place is good until 70
  at_second(70);
  join(3);
  join(4);
  EXPECT_EQ(status().offered, 1U) << "by the pace alone";
  EXPECT_EQ(status().waiting, 1U);
}

TEST_F(GivingBack, is_over_when_there_is_no_outflow_any_more_and_when_the_sale_ends) {
  open(slow());
  const EntryNumber first = joined(1);
  leave(first, 1);
  change(pace(std::nullopt));
  change(pace(1));
  join(2);
  EXPECT_EQ(status().offered, 0U);
  at_second(69);
  EXPECT_EQ(status().offered, 1U);
  leave(look(machine_.state().number_of_entry(1)).entry->number, 2);
  act(SaleAction::kClose);
}

TEST(Departures, count_like_a_plain_loop_would) {
  Departures departures;
  std::vector<bool> gone;
  for (uint32_t i = 0; i < 3'000; ++i) {
    departures.append();
    gone.push_back(false);
    const uint32_t leaver = (i * 2'654'435'761U) % static_cast<uint32_t>(gone.size());
    if (!gone[leaver] && i % 3 != 0) {
      gone[leaver] = true;
      departures.note(leaver + 1);
    }
    if (i % 50 != 0) continue;
    uint32_t count = 0;
    for (uint32_t position = 1; position <= gone.size(); ++position) {
      count += gone[position - 1];
      ASSERT_EQ(departures.up_to(position), count);
    }
  }
  EXPECT_EQ(departures.up_to(0), 0U);
  EXPECT_EQ(departures.size(), 3'000U);
}

TEST(Departures, count_the_rest_as_before_when_those_in_front_are_forgotten) {
  constexpr uint32_t kSize = 3'000;
  constexpr uint32_t kFront = 1'601;  // all before it have departed, and every third behind it
  Departures departures;
  for (uint32_t position = 1; position <= kSize; ++position) departures.append();
  for (uint32_t position = 1; position <= kSize; ++position)
    if (position < kFront || position % 3 == 0) departures.note(position);
  const auto counts = [&] {
    std::vector<uint32_t> all;
    for (uint32_t position = kFront - 1; position <= kSize; ++position) all.push_back(departures.up_to(position));
    return all;
  };
  const std::vector<uint32_t> before = counts();
  departures.forget_before(1'200);  // less than half: not worth it
  EXPECT_EQ(departures.size(), kSize);
  departures.forget_before(kFront);
  EXPECT_EQ(departures.size(), kSize - (kFront - 1));
  EXPECT_FALSE(departures.counts(kFront - 1));
  EXPECT_TRUE(departures.counts(kFront));
  EXPECT_EQ(counts(), before);
}

}  // namespace
}  // namespace doorbuster::sale
