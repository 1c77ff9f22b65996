// Who joins and is delayed: in at once, and in line only behind the others of the minute. Minutes end at seconds 40,
// 100 and so on of the tests' clock.
#include <algorithm>

#include "sale/machine/machine_test_fixture.h"

namespace doorbuster::sale {
namespace {

class DelayedQueue : public MachineFixture {
 protected:
  Reply join_delayed(uint64_t who, SaleNumber sale = kSale) {
    return decide(Join{.sale = sale, .customer = customer(who), .assessment = {.score = 60, .is_delayed = true}});
  }
  EntryNumber delayed(uint64_t who) { return join_delayed(who).entry->number; }
  EntryView view(EntryNumber entry) { return *look(entry).entry; }
  uint32_t position(EntryNumber entry) { return view(entry).position; }

  void create_drawn(std::optional<Beacon> beacon = {}) {
    CreateSale creation{std::make_unique<Settings>(settings(QueueKind::kDraw, 1)), false, by_operator()};
    creation.draw_secret.fill(std::byte{7});
    if (beacon) creation.beacon = std::make_unique<Beacon>(*beacon);
    ASSERT_EQ(decide(std::move(creation)).outcome, Outcome::kDone);
  }
};

TEST_F(DelayedQueue, joins_at_once_and_has_a_place_when_its_minute_is_over) {
  open(settings(QueueKind::kFifo, 1));
  join(1);
  const Reply reply = join_delayed(2);
  EXPECT_EQ(reply.outcome, Outcome::kDone);
  EXPECT_EQ(reply.entry->state, EntryState::kWaiting);
  EXPECT_EQ(reply.entry->position, 0U);
  EXPECT_EQ(reply.entry->delayed_until, at(40));
  EXPECT_EQ(status().waiting, 1U);
  EXPECT_EQ(status().last_position, 1U);
  EXPECT_EQ(join_delayed(2).outcome, Outcome::kAlready);
  EXPECT_EQ(join(3).entry->position, 2U) << "who comes later in the minute stands before them";
  at_second(39.999);
  EXPECT_EQ(position(reply.entry->number), 0U);
  at_second(40);
  EXPECT_EQ(view(reply.entry->number).position, 3U);
  EXPECT_EQ(view(reply.entry->number).people_ahead, 1U);
  EXPECT_EQ(view(reply.entry->number).delayed_until, Timestamp());
}

TEST_F(DelayedQueue, of_one_minute_stand_in_the_order_in_which_they_came) {
  open(settings(QueueKind::kFifo, 1));
  std::vector<EntryNumber> entries;
  for (const uint64_t who : {5, 3, 9, 1}) entries.push_back(delayed(who));
  at_second(40);
  for (uint32_t i = 0; i < entries.size(); ++i) EXPECT_EQ(position(entries[i]), i + 1);
  EXPECT_EQ(view(entries[0]).state, EntryState::kOffered);
}

TEST_F(DelayedQueue, is_of_the_minute_that_begins_when_it_joins) {
  open(settings(QueueKind::kFifo, 1));
  at_second(40);
  EXPECT_EQ(join_delayed(1).entry->delayed_until, at(100));
  at_second(99.999);
  EXPECT_EQ(join_delayed(2).entry->delayed_until, at(100));
}

TEST_F(DelayedQueue, is_offered_no_unit_before_it_has_a_place) {
  open(settings(QueueKind::kFifo, 1));
  const EntryNumber entry = delayed(1);
  at_second(39);
  EXPECT_EQ(status().available, 1U);
  EXPECT_EQ(reserve(1).outcome, Outcome::kNotYourTurn);
  at_second(40);
  EXPECT_EQ(view(entry).state, EntryState::kOffered);
}

TEST_F(DelayedQueue, gets_its_place_before_the_opening_and_in_a_pause_too) {
  Settings early = settings(QueueKind::kFifo, 1);
  early.prequeue_opens_at = at(5);
  early.opens_at = at(60);
  create(early);
  at_second(5);
  const EntryNumber first = delayed(1);
  at_second(40);
  EXPECT_EQ(position(first), 1U);
  at_second(60);
  act(SaleAction::kPause);
  const EntryNumber second = delayed(2);
  at_second(100);
  EXPECT_EQ(position(second), 2U);
}

TEST_F(DelayedQueue, that_leaves_or_is_removed_before_never_has_a_place) {
  open(settings(QueueKind::kFifo, 1));
  std::vector<EntryNumber> entries;
  for (uint64_t who = 1; who <= 5; ++who) entries.push_back(delayed(who));
  EXPECT_EQ(leave(entries[0], 1).entry->state, EntryState::kLeft);
  EXPECT_EQ(remove(entries[2]).entry->state, EntryState::kRemoved);
  EXPECT_EQ(leave(entries[4], 5).entry->state, EntryState::kLeft);
  EXPECT_EQ(status().waiting, 2U);
  EXPECT_EQ(join_delayed(1).outcome, Outcome::kDone) << "who has left may come again";
  EXPECT_EQ(join_delayed(3).outcome, Outcome::kRemoved);
  at_second(40);
  std::vector<uint32_t> positions;
  for (const EntryNumber entry : entries) positions.push_back(position(entry));
  EXPECT_EQ(positions, (std::vector<uint32_t>{0, 1, 0, 2, 0}));
  EXPECT_EQ(status().last_position, 3U);
}

TEST_F(DelayedQueue, counts_what_a_customer_has_given_up) {
  open(settings(QueueKind::kFifo, 1));
  for (uint32_t i = 0; i < kMaxAbandonedEntries; ++i) leave(delayed(1), 1);
  EXPECT_EQ(join(1).outcome, Outcome::kTooManyEntries);
}

TEST_F(DelayedQueue, misses_a_sale_that_closes_first) {
  open(settings(QueueKind::kFifo, 1));
  const EntryNumber entry = delayed(1);
  act(SaleAction::kClose);
  EXPECT_EQ(view(entry).state, EntryState::kMissed);
  EXPECT_EQ(view(entry).delayed_until, Timestamp());
  at_second(100);
  EXPECT_EQ(position(entry), 0U);
}

TEST_F(DelayedQueue, takes_no_part_in_the_draw_and_stands_right_behind_it) {
  create_drawn();
  join(1);
  const Reply first = join_delayed(2);
  EXPECT_EQ(first.entry->delayed_until, at(10)) << "with the draw";
  join(3);
  const EntryNumber second = delayed(4);
  EXPECT_EQ(status().drawn, 2U);
  EXPECT_EQ(status().waiting, 4U);
  at_second(10);
  EXPECT_EQ(status().drawn, 2U);
  EXPECT_EQ(position(first.entry->number), 3U);
  EXPECT_EQ(position(second), 4U);
  EXPECT_EQ(join(5).entry->position, 5U);
  EXPECT_EQ(join_delayed(6).entry->delayed_until, at(40));
}

TEST_F(DelayedQueue, waits_for_the_beacon_that_the_draw_waits_for) {
  create_drawn(Beacon{"drand", 9, at(45)});
  join(1);
  const Reply early = join_delayed(2);
  EXPECT_EQ(early.entry->delayed_until, at(45));
  at_second(10);
  const Reply late = join_delayed(3);
  EXPECT_EQ(late.entry->delayed_until, at(45)) << "its minute ends at 40, and nothing is drawn by then";
  EXPECT_EQ(join(4).entry->arrival, 2U);
  at_second(45);
  const Reply last = join_delayed(5);
  EXPECT_EQ(last.entry->delayed_until, at(100));
  decide(GiveBeacon{kSale, "value", by_operator()});
  EXPECT_EQ(position(early.entry->number), 3U);
  EXPECT_EQ(position(late.entry->number), 4U);
  EXPECT_EQ(position(last.entry->number), 0U);
  at_second(100);
  EXPECT_EQ(position(last.entry->number), 5U);
}

// Who comes in the pause joins it, and nobody is offered anything: a line can be looked at like a draw.
TEST_F(DelayedQueue, is_placed_while_a_line_is_reviewed) {
  Settings reviewed = settings(QueueKind::kFifo, 1);
  reviewed.entry_rules.review = true;
  open(reviewed);
  EXPECT_EQ(status().state, SaleState::kPaused);
  const EntryNumber entry = delayed(1);
  join(2);
  at_second(40);
  EXPECT_EQ(position(entry), 2U);
  EXPECT_EQ(status().now_serving, 0U);
  act(SaleAction::kResume);
  EXPECT_EQ(status().now_serving, 1U);
}

TEST_F(DelayedQueue, of_a_pass_is_forgotten_only_once_nobody_before_it_waits_for_a_place) {
  open(settings(QueueKind::kPass, 1));
  act(SaleAction::kPause);
  join_delayed(1);
  const EntryNumber second = delayed(2);
  leave(second, 2);
  EXPECT_EQ(status().waiting, 1U);
  at_second(40);
  EXPECT_EQ(machine_.state().find_entry(second)->placement, Placement::kNever);
  at_second(131);
  EXPECT_EQ(look(second).outcome, Outcome::kNotFound);
}

// A step of the machine stays short, however many have been delayed in a minute.
TEST(ManyDelayed, are_placed_some_at_a_time_in_their_order) {
  constexpr uint32_t kMany = 600;
  Machine machine({.sales = 1,
                   .holds = 4,
                   .entries = kMany,
                   .operator_keys = 1,
                   .sale_share_percent = 100,
                   .guest_share_percent = 100});
  machine.go_live(kStart);
  std::vector<std::byte> payload;
  EventSink sink{payload};
  Settings settings;
  settings.id = "ps5";
  settings.units = 1;
  settings.queue = QueueKind::kFifo;
  settings.opens_at = kStart;
  const SaleNumber sale =
      machine.decide(CreateSale{std::make_unique<Settings>(settings), false, {}}, kStart, sink).sale;
  for (uint64_t who = 1; who <= kMany; ++who) {
    const Join join{.sale = sale, .customer = customer(who), .assessment = {.is_delayed = true}};
    ASSERT_EQ(machine.decide(join, kStart, sink).outcome, Outcome::kDone);
  }
  std::vector<uint32_t> placed_by_step;
  for (Timestamp now = at(40); machine.state().status_of(sale).last_position < kMany; now = machine.next_deadline()) {
    ASSERT_LT(placed_by_step.size(), 9U);
    while (!machine.tick(now, 1'000, sink)) {
    }
    placed_by_step.push_back(machine.state().status_of(sale).last_position);
    EXPECT_EQ(broken_invariants(machine.state()), std::vector<std::string>());
  }
  EXPECT_EQ(placed_by_step, (std::vector<uint32_t>{256, 512, kMany}));
  for (uint32_t slot = 0; slot < kMany; ++slot) EXPECT_EQ(machine.state().entry_at(slot).arrival, slot + 1);
}

}  // namespace
}  // namespace doorbuster::sale
