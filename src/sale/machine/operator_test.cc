// What operators do, and what the clock does for them: the life of a sale and of its stock.
#include "sale/machine/machine_test_fixture.h"

namespace doorbuster::sale {
namespace {

class Operating : public MachineFixture {
 protected:
  SaleState state() { return status().state; }
  Reply set_units(uint32_t units) { return change({.units = units}); }
};

TEST_F(Operating, opens_and_closes_a_sale_by_the_clock) {
  Settings timed = settings(QueueKind::kFifo, 1);
  timed.prequeue_opens_at = at(5);
  timed.closes_at = at(20);
  EXPECT_EQ(create(timed).sale_state, SaleState::kScheduled);
  at_second(4.999);
  EXPECT_EQ(state(), SaleState::kScheduled);
  at_second(5);
  EXPECT_EQ(state(), SaleState::kPrequeue);
  at_second(10);
  EXPECT_EQ(state(), SaleState::kOpen);
  at_second(20);
  EXPECT_EQ(state(), SaleState::kClosed);
}

TEST_F(Operating, passes_through_every_state_that_a_jump_of_the_clock_skips) {
  Settings timed = settings(QueueKind::kFifo, 1);
  timed.prequeue_opens_at = at(5);
  timed.closes_at = at(20);
  create(timed);
  at_second(500);
  EXPECT_EQ(state(), SaleState::kClosed);
}

TEST_F(Operating, opens_a_sale_at_once_whose_time_has_come) {
  at_second(12);
  EXPECT_EQ(create(settings(QueueKind::kNone, 1)).sale_state, SaleState::kOpen);
  EXPECT_EQ(reserve(1).outcome, Outcome::kDone);
}

TEST_F(Operating, starts_the_prequeue_at_once_when_it_is_time) {
  Settings early = settings(QueueKind::kFifo, 1);
  early.prequeue_opens_at = at(0);
  EXPECT_EQ(create(early).sale_state, SaleState::kPrequeue);
}

TEST_F(Operating, opens_without_a_prequeue_where_both_begin_together) {
  Settings both = settings(QueueKind::kFifo, 1);
  both.prequeue_opens_at = at(10);
  create(both);
  at_second(10);
  EXPECT_EQ(state(), SaleState::kOpen);
}

TEST_F(Operating, hides_a_draft_that_was_closed_as_it_hid_the_draft) {
  create(settings(QueueKind::kFifo, 1), true);
  EXPECT_FALSE(status().published);
  EXPECT_EQ(act(SaleAction::kClose).sale_state, SaleState::kClosed);
  EXPECT_FALSE(status().published);
  EXPECT_EQ(reserve(1).outcome, Outcome::kNotFound);
  EXPECT_EQ(join(1).outcome, Outcome::kNotFound);
}

TEST_F(Operating, does_not_hide_what_was_published_and_then_closed) {
  create(settings(QueueKind::kFifo, 1), true);
  act(SaleAction::kPublish);
  EXPECT_TRUE(status().published);
  act(SaleAction::kClose);
  EXPECT_TRUE(status().published);
  EXPECT_EQ(join(1).outcome, Outcome::kSaleClosed);
}

TEST_F(Operating, keeps_a_draft_until_it_is_published) {
  EXPECT_EQ(create(settings(QueueKind::kNone, 1), true).sale_state, SaleState::kDraft);
  at_second(100);
  EXPECT_EQ(state(), SaleState::kDraft);
  EXPECT_EQ(act(SaleAction::kPublish).sale_state, SaleState::kOpen);
  EXPECT_EQ(act(SaleAction::kPublish).outcome, Outcome::kWrongState);
}

TEST_F(Operating, pauses_resumes_and_closes) {
  EXPECT_EQ(act(SaleAction::kPause).outcome, Outcome::kNotFound);
  create(settings(QueueKind::kNone, 1));
  EXPECT_EQ(act(SaleAction::kPause).outcome, Outcome::kWrongState);
  at_second(10);
  EXPECT_EQ(act(SaleAction::kResume).outcome, Outcome::kWrongState);
  EXPECT_EQ(act(SaleAction::kPause).sale_state, SaleState::kPaused);
  EXPECT_EQ(act(SaleAction::kPause).outcome, Outcome::kWrongState);
  EXPECT_EQ(act(SaleAction::kResume).sale_state, SaleState::kOpen);
  EXPECT_EQ(act(SaleAction::kClose).sale_state, SaleState::kClosed);
  EXPECT_EQ(act(SaleAction::kClose).outcome, Outcome::kWrongState);
}

TEST_F(Operating, closes_a_paused_sale_by_the_clock) {
  Settings timed = settings(QueueKind::kNone, 1);
  timed.closes_at = at(20);
  open(timed);
  act(SaleAction::kPause);
  at_second(20);
  EXPECT_EQ(state(), SaleState::kClosed);
}

TEST_F(Operating, archives_a_sale_thirty_days_after_its_end) {
  Settings timed = settings(QueueKind::kFifo, 2);
  timed.closes_at = at(20);
  open(timed);
  const EntryNumber entry = join(1).entry->number;
  const HoldNumber hold = held_by(1);
  pay(hold, 1);
  succeed(hold, 1);
  const EntryNumber other = join(2).entry->number;
  at_second(20);
  at_second(20 + 30 * kDay - 0.001);
  EXPECT_EQ(look(hold).hold->state, HoldState::kSold);
  EXPECT_EQ(look(other).entry->state, EntryState::kMissed);
  at_second(20 + 30 * kDay);
  EXPECT_EQ(look(hold).outcome, Outcome::kNotFound);
  EXPECT_EQ(look(entry).outcome, Outcome::kNotFound);
  EXPECT_EQ(look(other).outcome, Outcome::kNotFound);
  EXPECT_TRUE(is_archived());
  EXPECT_EQ(join(3).outcome, Outcome::kSaleClosed);
  EXPECT_EQ(reserve(3).outcome, Outcome::kSaleClosed);
}

TEST_F(Operating, says_of_an_archived_sale_that_nothing_can_be_done_with_it) {
  const Reply created = create(settings(QueueKind::kNone, 2), false, key(1));
  at_second(10);
  act(SaleAction::kClose, key(2));
  at_second(31 * kDay);
  ASSERT_TRUE(is_archived());
  for (const SaleAction action : {SaleAction::kPublish, SaleAction::kPause, SaleAction::kResume, SaleAction::kClose}) {
    EXPECT_EQ(act(action).outcome, Outcome::kWrongState);
  }
  EXPECT_EQ(change({.units = 5}).outcome, Outcome::kWrongState);
  EXPECT_EQ(decide(ChangeSale{kSale, std::make_unique<SettingsPatch>(), by_operator(), "a message"}).outcome,
            Outcome::kWrongState);
  EXPECT_EQ(decide(GiveBeacon{kSale, "value", by_operator()}).sale_state, SaleState::kClosed);
  EXPECT_EQ(create(settings(QueueKind::kNone, 2)).outcome, Outcome::kIdTaken) << "links to it stay what they are";
  const Reply again = create(settings(QueueKind::kNone, 2), false, key(1));
  EXPECT_EQ(again.outcome, Outcome::kAlready);
  EXPECT_EQ(again.sale, created.sale);
  EXPECT_EQ(again.sale_state, SaleState::kClosed);
  EXPECT_EQ(act(SaleAction::kClose, key(2)).outcome, Outcome::kAlready);
  EXPECT_EQ(decide(ActOnSale{SaleNumber(1), SaleAction::kClose, {}}).outcome, Outcome::kNotFound);
}

TEST_F(Operating, gives_the_slots_of_an_archived_sale_to_the_next) {
  open(settings(QueueKind::kFifo, 2));
  const EntryNumber entry = join(1).entry->number;
  const HoldNumber hold = held_by(1);
  const EntryNumber waiting = join(2).entry->number;
  act(SaleAction::kClose);
  at_second(40 * kDay);
  Settings next = settings(QueueKind::kFifo, 2);
  next.id = "next";
  create(next);
  const SaleNumber second(1);
  const EntryNumber reused = decide(Join{second, customer(5), {}}).entry->number;
  EXPECT_TRUE(reused.slot == entry.slot || reused.slot == waiting.slot);
  EXPECT_EQ(reused.generation, 1U);
  EXPECT_EQ(decide(Reserve{second, customer(5), {}}).hold->number, (HoldNumber{hold.slot, 1}));
  EXPECT_EQ(look(entry).outcome, Outcome::kNotFound);
  EXPECT_EQ(look(hold).outcome, Outcome::kNotFound);
}

TEST_F(Operating, archives_no_sale_whose_refunds_are_due) {
  open(settings(QueueKind::kNone, 2));
  const HoldNumber hold = held_by(1);
  pay(hold, 1);
  act(SaleAction::kClose);
  at_second(1'000);
  succeed(hold, 1);
  at_second(35 * kDay);
  EXPECT_EQ(look(hold).hold->refund, RefundState::kDue);
  refund(hold, 1);
  at_second(35 * kDay + 1);
  EXPECT_EQ(look(hold).outcome, Outcome::kNotFound);
}

TEST_F(Operating, archives_a_sale_though_one_of_its_holds_was_to_be_remembered_longer) {
  Settings slow = settings(QueueKind::kNone, 2);
  slow.hold_seconds = kMaxSeconds;
  open(slow);
  release(held_by(1), 1);
  act(SaleAction::kClose);
  at_second(10 + 30 * kDay);
  EXPECT_TRUE(is_archived());
  at_second(40 * kDay);
}

TEST_F(Operating, adds_stock_and_offers_it_at_once) {
  open(settings(QueueKind::kFifo, 1));
  join(1);
  const EntryNumber second = join(2).entry->number;
  held_by(1);
  EXPECT_EQ(status().all_held_at, at(10));
  EXPECT_EQ(set_units(3).outcome, Outcome::kDone);
  EXPECT_EQ(look(second).entry->state, EntryState::kOffered);
  EXPECT_EQ(status().units, 3U);
  EXPECT_EQ(status().all_held_at, Timestamp()) << "of this stock the last unit is not held yet";
}

TEST_F(Operating, withdraws_only_what_is_free) {
  open(settings(QueueKind::kNone, 5));
  held_by(1);
  held_by(2);
  const Reply refused = set_units(1);
  EXPECT_EQ(refused.outcome, Outcome::kUnitsInUse);
  EXPECT_EQ(refused.units, 3U) << "that many could be withdrawn";
  at_second(11);
  EXPECT_EQ(set_units(2).outcome, Outcome::kDone);
  EXPECT_EQ(status().available, 0U);
  EXPECT_EQ(status().all_held_at, at(11)) << "by the withdrawal the last unit was the last";
  EXPECT_EQ(reserve(3).outcome, Outcome::kSoldOut);
}

TEST_F(Operating, refuses_settings_that_contradict_themselves) {
  EXPECT_EQ(create(settings(QueueKind::kNone, 0)).outcome, Outcome::kInvalidSettings);
  create(settings(QueueKind::kNone, 5));
  EXPECT_EQ(set_units(0).outcome, Outcome::kInvalidSettings);
  EXPECT_EQ(change({.closes_at = std::optional(at(9))}).outcome, Outcome::kInvalidSettings);
  EXPECT_EQ(status().units, 5U);
}

TEST_F(Operating, changes_nothing_that_customers_relied_on_once_it_is_open) {
  open(settings(QueueKind::kFifo, 5));
  EXPECT_EQ(change({.opens_at = at(100)}).outcome, Outcome::kWrongState);
  EXPECT_EQ(change({.prequeue_opens_at = std::optional(at(1))}).outcome, Outcome::kWrongState);
  EXPECT_EQ(change({.price = Money{1, Currency("EUR")}}).outcome, Outcome::kWrongState);
  EXPECT_EQ(change({.payment_grace_seconds = 1}).outcome, Outcome::kWrongState);
  EXPECT_EQ(change({.per_customer = 2}).outcome, Outcome::kDone);
  EXPECT_EQ(change({.per_customer = 1}).outcome, Outcome::kWrongState);
  EXPECT_EQ(change({.hold_seconds = 60}).outcome, Outcome::kDone);
  act(SaleAction::kClose);
  EXPECT_EQ(change({.title = "late"}).outcome, Outcome::kWrongState);
}

TEST_F(Operating, sets_another_price_until_the_sale_opens) {
  create(settings(QueueKind::kNone, 1));
  EXPECT_EQ(change({.price = Money{1, Currency("EUR")}}).outcome, Outcome::kDone);
  at_second(10);
  EXPECT_EQ(change({.price = Money{2, Currency("EUR")}}).outcome, Outcome::kWrongState);
}

TEST_F(Operating, moves_the_times_of_a_sale_that_has_not_begun) {
  create(settings(QueueKind::kFifo, 5));
  EXPECT_EQ(change({.per_customer = 3}).outcome, Outcome::kDone);
  EXPECT_EQ(change({.per_customer = 1}).outcome, Outcome::kDone);
  EXPECT_EQ(change({.opens_at = at(30)}).outcome, Outcome::kDone);
  at_second(10);
  EXPECT_EQ(state(), SaleState::kScheduled);
  at_second(30);
  EXPECT_EQ(state(), SaleState::kOpen);
}

TEST_F(Operating, moves_the_end_of_an_open_sale) {
  open(settings(QueueKind::kNone, 5));
  change({.closes_at = std::optional(at(50))});
  change({.closes_at = std::optional(at(60))});
  at_second(59);
  EXPECT_EQ(state(), SaleState::kOpen);
  change({.closes_at = std::optional(at(15))});
  at_second(60);
  EXPECT_EQ(state(), SaleState::kClosed) << "an end in the past ends it now";
}

TEST_F(Operating, changes_no_sale_that_is_not_there) {
  EXPECT_EQ(set_units(3).outcome, Outcome::kNotFound);
  EXPECT_EQ(remove(EntryNumber{0, 0}).outcome, Outcome::kNotFound);
  EXPECT_EQ(release_by_operator(HoldNumber{0, 0}).outcome, Outcome::kNotFound);
}

TEST_F(Operating, gives_every_sale_an_id_of_its_own_and_knows_its_limit) {
  create(settings(QueueKind::kNone, 1));
  const Reply taken = create(settings(QueueKind::kFifo, 2));
  EXPECT_EQ(taken.outcome, Outcome::kIdTaken);
  EXPECT_EQ(taken.sale, kSale);
  for (const char* id : {"a", "b", "c"}) {
    Settings other = settings(QueueKind::kNone, 1);
    other.id = id;
    EXPECT_EQ(create(other).outcome, Outcome::kDone);
  }
  Settings other = settings(QueueKind::kNone, 1);
  other.id = "d";
  EXPECT_EQ(create(other).outcome, Outcome::kLimitReached);
  EXPECT_EQ(machine_.state().sale_named("b"), SaleNumber(2));
  EXPECT_EQ(machine_.state().sale_named("d"), std::nullopt);
}

TEST_F(Operating, removes_an_entry_for_good) {
  open(settings(QueueKind::kFifo, 1));
  const EntryNumber offered = join(1).entry->number;
  const EntryNumber waiting = join(2).entry->number;
  const EntryNumber third = join(3).entry->number;
  EXPECT_EQ(remove(waiting).outcome, Outcome::kDone);
  EXPECT_EQ(remove(waiting).outcome, Outcome::kAlready);
  EXPECT_EQ(remove(offered).outcome, Outcome::kDone);
  EXPECT_EQ(look(third).entry->state, EntryState::kOffered);
  EXPECT_EQ(join(2).outcome, Outcome::kRemoved);
  EXPECT_EQ(reserve(2).outcome, Outcome::kRemoved);
  held_by(3);
  EXPECT_EQ(remove(third).outcome, Outcome::kWrongState);
}

TEST_F(Operating, releases_any_hold_with_a_reason) {
  open(settings(QueueKind::kNone, 1));
  const HoldNumber hold = held_by(1);
  EXPECT_EQ(release_by_operator(hold).outcome, Outcome::kDone);
  EXPECT_EQ(release_by_operator(hold).outcome, Outcome::kAlready);
  EXPECT_EQ(reserve(1).outcome, Outcome::kDone);
}

TEST_F(Operating, does_the_same_request_once) {
  EXPECT_EQ(create(settings(QueueKind::kFifo, 5), false, key(1)).outcome, Outcome::kDone);
  EXPECT_EQ(create(settings(QueueKind::kFifo, 5), false, key(1)).outcome, Outcome::kAlready);
  EXPECT_EQ(create(settings(QueueKind::kFifo, 5), false, with_other_body(key(1))).outcome, Outcome::kKeyReused);
  EXPECT_EQ(change({.units = 6}, key(2)).outcome, Outcome::kDone);
  set_units(8);
  EXPECT_EQ(change({.units = 6}, key(2)).outcome, Outcome::kAlready);
  EXPECT_EQ(status().units, 8U) << "a request that strayed does not set the units back";
  at_second(10);
  act(SaleAction::kPause, key(3));
  act(SaleAction::kResume, key(4));
  EXPECT_EQ(act(SaleAction::kPause, key(3)).outcome, Outcome::kAlready);
  EXPECT_EQ(state(), SaleState::kOpen);
}

TEST_F(Operating, repeats_the_answer_about_a_hold_or_an_entry) {
  open(settings(QueueKind::kFifo, 5));
  const EntryNumber entry = join(1).entry->number;
  const HoldNumber hold = held_by(1);
  release_by_operator(hold, key(1));
  const Reply again = release_by_operator(hold, key(1));
  EXPECT_EQ(again.outcome, Outcome::kAlready);
  EXPECT_EQ(again.hold->state, HoldState::kReleased);
  EXPECT_EQ(release_by_operator(HoldNumber{9, 9}, key(1)).outcome, Outcome::kAlready);
  const EntryNumber second = join(2).entry->number;
  remove(second, key(2));
  EXPECT_EQ(remove(second, key(2)).entry->state, EntryState::kRemoved);
  EXPECT_EQ(remove(entry, with_other_body(key(2))).outcome, Outcome::kKeyReused);
  EXPECT_EQ(remove(EntryNumber{9, 9}, key(2)).outcome, Outcome::kAlready);
}

TEST_F(Operating, is_not_confused_by_a_customer_who_sends_an_operators_key) {
  open(settings(QueueKind::kNone, 5));
  const HoldNumber first = held_by(1);
  const HoldNumber second = held_by(2);
  EXPECT_EQ(decide(Release{first, customer(1), by_operator(key(1))}).outcome, Outcome::kDone);
  EXPECT_EQ(decide(Release{second, customer(2), by_operator(key(1))}).outcome, Outcome::kDone);
  EXPECT_EQ(act(SaleAction::kPause, key(1)).outcome, Outcome::kDone);
}

TEST_F(Operating, remembers_the_newest_keys_only) {
  open(settings(QueueKind::kNone, 5));
  for (uint64_t i = 1; i <= kSmall.operator_keys + 1; ++i) change({.units = static_cast<uint32_t>(5 + i)}, key(i));
  EXPECT_EQ(change({.units = 7}, key(2)).outcome, Outcome::kAlready);
  EXPECT_EQ(change({.units = 6}, key(1)).outcome, Outcome::kDone) << "this one was forgotten";
}

TEST_F(Operating, archives_a_sale_and_leaves_what_another_one_has) {
  open(settings(QueueKind::kNone, 3));
  Settings other = settings(QueueKind::kNone, 1);
  other.id = "xbox";
  create(other);
  const HoldNumber elsewhere = decide(Reserve{SaleNumber(1), customer(1), {}}).hold->number;
  const HoldNumber bought = held_by(1);
  for (const HoldNumber hold : {elsewhere, bought}) {
    pay(hold, 1);
    succeed(hold, 1);
  }
  held_by(2);
  act(SaleAction::kClose);
  at_second(2 * kDay);  // what expired is forgotten
  at_second(31 * kDay);
  EXPECT_TRUE(is_archived());
  EXPECT_EQ(look(bought).outcome, Outcome::kNotFound);
  EXPECT_EQ(look(elsewhere).hold->state, HoldState::kSold);
}

}  // namespace
}  // namespace doorbuster::sale
