// What may never be: states with one thing wrong. A snapshot of such a state is refused, and where an invariant of the
// contract is broken, the inspection says so.
#include <algorithm>
#include <utility>

#include "sale/machine/snapshot_fields.h"
#include "sale/machine/tampering_test_fixture.h"

namespace doorbuster::sale {

namespace {

// Sale 2, as if it had been archived with all of its holds.
void archive_without_refunds(Tampering& t) {
  Sale& sale = t.sale(2);
  sale.archived = true;
  sale.state = SaleState::kClosed;
  sale.available += std::exchange(sale.held, 0);
  sale.refunds_due = 0;
  t.hold_of(2, 3).refunded = t.hold_of(2, 3).succeeded;
}

// Sale 2, as if its records were being forgotten: that can be.
void begin_to_archive(Tampering& t) {
  archive_without_refunds(t);
  for (uint32_t slot = 0; slot < t.state.hold_slots(); ++slot)
    if (t.hold(slot).sale == 2 && t.hold(slot).state == HoldState::kHeld) t.hold(slot).state = HoldState::kReleased;
}

void buy(Tampering& t, uint32_t slot) {
  Hold& hold = t.hold(slot);
  hold.state = HoldState::kSold;
  hold.attempts = hold.succeeded = hold.sold_by_attempt = 1;
  t.bought_with(slot) = 1;
}

// Sale 0 is archived and has left free slots; sale 1 has a queue; in sale 2 customers have several holds each.
class Tampered : public TamperingFixture {
 protected:
  Tampered() {
    archive_one();
    queue_in_one();
    hold_twice_in_one();
    visit_one();
  }

  void archive_one() {
    open(named("archived", QueueKind::kFifo, 12));
    for (uint64_t who = 1; who <= 14; ++who) join(who);
    for (uint64_t who = 1; who <= 12; ++who) reserve(who);
    act(SaleAction::kClose);
    at_second(31 * kDay);
  }

  // 1 holds, 2 pays, 3 has bought, 4 has given back, 5 is offered, 6 to 8 wait.
  void queue_in_one() {
    create(named("queue", QueueKind::kFifo, 4));
    const SaleNumber queue(1);
    for (uint64_t who = 1; who <= 8; ++who) decide(Join{queue, customer(who), {}});
    std::vector<HoldNumber> holds;
    for (uint64_t who = 1; who <= 4; ++who) holds.push_back(decide(Reserve{queue, customer(who), {}}).hold->number);
    pay(holds[1], 2);
    pay(holds[2], 3);
    succeed(holds[2], 1);
    release(holds[3], 4);
  }

  // 1 holds two units, 2 two others, 3 has paid too late.
  void hold_twice_in_one() {
    Settings plain = named("plain", QueueKind::kNone, 9);
    plain.per_customer = 2;
    create(plain);
    const SaleNumber number(2);
    const HoldNumber late = decide(Reserve{number, customer(3), {}}).hold->number;
    pay(late, 3);
    fail_payment(late, 1);
    release(late, 3);
    succeed(late, 1);
    for (const uint64_t who : {1, 2, 1, 2}) decide(Reserve{number, customer(who), {}});
  }

  // 1 was inside and is forgotten, 2 is inside, 3 is offered, 4 waits, 5 has left, 6 waits.
  void visit_one() {
    create(named("visits", QueueKind::kPass, 2));
    const SaleNumber visits(3);
    const auto enter = [&](uint64_t who) {
      decide(Join{visits, customer(who), {}});
      return decide(Reserve{visits, customer(who), {}}).hold->number;
    };
    release(enter(1), 1);
    at_second(32 * kDay);
    enter(2);
    for (uint64_t who = 3; who <= 6; ++who) decide(Join{visits, customer(who), {}});
    const uint32_t fifth = machine_.state().entry_of(visits, customer(5));
    leave(machine_.state().number_of_entry(fifth), 5);
  }

  static Settings named(const char* id, QueueKind queue, uint32_t units) {
    Settings settings = MachineFixture::settings(queue, units);
    settings.id = id;
    settings.hold_seconds = kMaxSeconds / 2;
    settings.claim_seconds = kMaxSeconds / 2;
    return settings;
  }
};

TEST_F(Tampered, visits_are_refused) {
  expect_refused({
      {"a visit that is paid for", [](Tampering& t) { t.hold_of(3, 2).attempts = 1, t.hold_of(3, 2).failed = 1; }},
      {"a visit of nobody",
       [](Tampering& t) { t.entry(t.hold_of(3, 2).entry).hold = kNoSlot, t.hold_of(3, 2).entry = kNoSlot; }},
      {"two at one place", [](Tampering& t) { t.visitor(5).arrival = 4; }},
      {"a gap in the line", [](Tampering& t) { t.visitor(6).arrival = 7, t.sale(3).last_position = 7; }},
      {"a line that ends early", [](Tampering& t) { t.sale(3).last_position = 7; }},
      {"somebody behind the last", [](Tampering& t) { t.visitor(6).arrival = 7; }},
  });
}

TEST_F(Tampered, a_sale_that_has_given_every_position_takes_no_more_entries) {
  for (const uint64_t who : {3, 4, 6}) {
    const uint32_t slot = machine_.state().entry_of(SaleNumber(3), customer(who));
    leave(machine_.state().number_of_entry(slot), who);
  }
  Tampering tampering(saved(machine_));
  tampering.sale(3).last_position = UINT32_MAX;
  Machine machine(kSmall);
  ASSERT_TRUE(machine.load(tampering.bytes()).has_value());
  machine.go_live(now_);
  std::vector<std::byte> payload;
  EventSink sink{payload};
  const Reply refused = machine.decide(Join{SaleNumber(3), customer(9), {}}, now_, sink);
  EXPECT_EQ(refused.outcome, Outcome::kLimitReached);
}

TEST_F(Tampered, sales_are_refused) {
  expect_refused({
      {"settings that contradict themselves", [](Tampering& t) { t.sale(1).settings.claim_seconds = 0; }},
      {"a unit too many", [](Tampering& t) { ++t.sale(1).available; }},
      {"a line longer than the table", [](Tampering& t) { t.sale(1).last_position = 1'000; }},
      {"a line with a gap", [](Tampering& t) { ++t.sale(1).last_position; }},
      {"serving beyond the line", [](Tampering& t) { t.sale(1).now_serving = 9; }},
      {"more offers than were served", [](Tampering& t) { t.sale(1).offers = 6; }},
      {"more claims than offers", [](Tampering& t) { t.sale(1).claims = 5; }},
      {"serving those who wait", [](Tampering& t) { t.sale(1).now_serving = 6; }},
      {"a draft for everybody", [](Tampering& t) { t.sale(1).state = SaleState::kDraft; }},
      {"open, and for nobody", [](Tampering& t) { t.sale(1).published = false; }},
      {"archived, but open", [](Tampering& t) { t.sale(2).archived = true; }},
      {"archived, with holds", [](Tampering& t) { t.sale(2).archived = true, t.sale(2).state = SaleState::kClosed; }},
      {"archived, with a refund due", [](Tampering& t) { begin_to_archive(t), ++t.sale(2).refunds_due; }},
      {"archived, and somebody holds a unit", [](Tampering& t) { archive_without_refunds(t); }},
      {"archived, and more holds are sold than were",
       [](Tampering& t) {
         archive_without_refunds(t);
         for (uint32_t slot = 0; slot < t.state.hold_slots(); ++slot)
           if (t.hold(slot).sale == 2 && t.hold(slot).state == HoldState::kHeld) buy(t, slot);
       }},
      {"archived, and somebody is first in line", [](Tampering& t) { begin_to_archive(t), t.sale(2).queue_head = 0; }},
      {"archived, and somebody is last in line", [](Tampering& t) { begin_to_archive(t), t.sale(2).queue_tail = 0; }},
      {"a remainder without an outflow", [](Tampering& t) { Tampering::remainder(t.sale(1).outflow) = 1; }},
      {"a remainder beyond the outflow",
       [](Tampering& t) {
         t.sale(1).settings.outflow_per_minute = 7;
         Tampering::remainder(t.sale(1).outflow) = 7;
       }},
      {"places given back without an outflow", [](Tampering& t) { t.sale(1).outflow.give_back(7, kStart, 60); }},
      {"more places given back than were offered",
       [](Tampering& t) {
         t.sale(1).settings.outflow_per_minute = 7;
         for (int i = 0; i < 6; ++i) t.sale(1).outflow.give_back(7, kStart, 60);
       }},
      {"places given back out of order",
       [](Tampering& t) {
         t.sale(1).settings.outflow_per_minute = 7;
         t.sale(1).outflow.give_back(7, kStart, 60);
         Tampering::given_back(t.sale(1).outflow).push_back({kStart, 1});
       }},
      {"no place given back",
       [](Tampering& t) {
         t.sale(1).settings.outflow_per_minute = 7;
         Tampering::given_back(t.sale(1).outflow).push_back({kStart, 0});
       }},
      {"held too few", [](Tampering& t) { --t.sale(1).held, ++t.sale(1).available; }},
      {"paying too few", [](Tampering& t) { --t.sale(1).paying, ++t.sale(1).available; }},
      {"sold too few", [](Tampering& t) { --t.sale(1).sold, ++t.sale(1).available; }},
      {"offered too few", [](Tampering& t) { --t.sale(1).offered, ++t.sale(1).available; }},
      {"waiting too few", [](Tampering& t) { --t.sale(1).waiting; }},
      {"a refund too few", [](Tampering& t) { --t.sale(2).refunds_due; }},
      {"another's id", [](Tampering& t) { t.sale(2).settings.id = "queue"; }},
      {"the id of an archived one", [](Tampering& t) { t.sale(2).settings.id = "archived"; }},
  });
  Tampering tampering(saved(machine_));
  begin_to_archive(tampering);
  EXPECT_TRUE(State(kSmall).load(tampering.bytes()).has_value());
}

TEST_F(Tampered, holds_are_refused) {
  expect_refused({
      {"of no sale", [](Tampering& t) { t.hold_of(1, 1).sale = 3; }},
      {"of an archived sale", [](Tampering& t) { t.hold_of(1, 1).sale = 0; }},
      {"more payments than allowed", [](Tampering& t) { t.hold_of(1, 2).attempts = 9; }},
      {"sold by a payment that never was", [](Tampering& t) { t.hold_of(1, 3).sold_by_attempt = 2; }},
      {"money by a payment that never was", [](Tampering& t) { t.hold_of(1, 2).succeeded = 2; }},
      {"a failure of a payment that never was", [](Tampering& t) { t.hold_of(1, 2).failed = 2; }},
      {"sold without money", [](Tampering& t) { t.hold_of(1, 3).succeeded = 0; }},
      {"refunded what bought it", [](Tampering& t) { t.hold_of(1, 3).refunded = 1; }},
      {"sold by nothing", [](Tampering& t) { t.hold_of(1, 3).sold_by_attempt = 0; }},
      {"paying without a payment", [](Tampering& t) { t.hold_of(1, 2).attempts = 0; }},
      {"an entry beyond the table", [](Tampering& t) { t.hold_of(1, 1).entry = 60; }},
      {"an entry that is free", [](Tampering& t) { t.hold_of(1, 1).entry = t.free_entries(); }},
      {"an entry in another sale", [](Tampering& t) { t.hold_of(2, 1).entry = t.entry_slot_of(1); }},
      {"another's entry", [](Tampering& t) { t.hold_of(1, 1).entry = t.entry_slot_of(2); }},
      {"an entry with another hold", [](Tampering& t) { t.entry_of(1).hold = kNoSlot; }},
      {"an older one beyond the table", [](Tampering& t) { t.hold_of(2, 1).older_of_customer = 60; }},
      {"an older one that is free", [](Tampering& t) { t.hold_of(2, 1).older_of_customer = t.free_holds(); }},
      {"an older one in another sale",
       [](Tampering& t) { t.hold_of(1, 1).older_of_customer = t.state.newest_hold_of(SaleNumber(2), customer(1)); }},
      {"another's older one",
       [](Tampering& t) { std::swap(t.hold_of(2, 1).older_of_customer, t.hold_of(2, 2).older_of_customer); }},
      {"the same older one as another",
       [](Tampering& t) { t.hold_of(2, 1).older_of_customer = t.hold_of(2, 2).older_of_customer; }},
      {"an older one that names the newer",
       [](Tampering& t) {
         t.hold(t.hold_of(2, 1).older_of_customer).older_of_customer =
             t.state.newest_hold_of(SaleNumber(2), customer(1));
       }},
      {"two newest ones", [](Tampering& t) { t.hold_of(2, 1).older_of_customer = kNoSlot; }},
      {"a free list that leaves the table", [](Tampering& t) { t.hold(t.free_holds()).next_free = 60; }},
      {"a free list in a circle", [](Tampering& t) { t.hold(t.free_holds()).next_free = t.free_holds(); }},
      {"a free list with a used slot",
       [](Tampering& t) { t.free_holds() = t.state.newest_hold_of(SaleNumber(1), customer(1)); }},
      {"a free slot that is not listed", [](Tampering& t) { t.free_holds() = kNoSlot; }},
  });
}

TEST_F(Tampered, entries_are_refused) {
  expect_refused({
      {"of no sale", [](Tampering& t) { t.entry_of(8).sale = 3; }},
      {"of an archived sale", [](Tampering& t) { t.entry_of(8).sale = 0; }},
      {"before the first", [](Tampering& t) { t.entry_of(8).arrival = 0; }},
      {"behind the last", [](Tampering& t) { t.entry_of(8).arrival = 9; }},
      {"at another's position", [](Tampering& t) { t.entry_of(8).arrival = 7; }},
      {"a hold beyond the table", [](Tampering& t) { t.entry_of(8).hold = 60; }},
      {"a hold that is free", [](Tampering& t) { t.entry_of(8).hold = t.free_holds(); }},
      {"another's hold", [](Tampering& t) { t.entry_of(8).hold = t.entry_of(1).hold; }},
      {"the line begins too late", [](Tampering& t) { t.sale(1).queue_head = t.entry_slot_of(7); }},
      {"the line ends too early", [](Tampering& t) { t.sale(1).queue_tail = t.entry_slot_of(7); }},
      {"the line leaves somebody out", [](Tampering& t) { t.entry_of(6).next_in_queue = t.entry_slot_of(8); }},
      {"the line breaks off", [](Tampering& t) { t.entry_of(6).next_in_queue = kNoSlot; }},
      {"one who is through names a stranger", [](Tampering& t) { t.entry_of(1).next_in_queue = t.entry_slot_of(8); }},
      {"a free list that leaves the table", [](Tampering& t) { t.entry(t.free_entries()).next_free = 60; }},
      {"a free list in a circle", [](Tampering& t) { t.entry(t.free_entries()).next_free = t.free_entries(); }},
      {"a free slot that is not listed", [](Tampering& t) { t.free_entries() = kNoSlot; }},
  });
}

TEST_F(Tampered, promises_are_noticed_when_broken) {
  expect_noticed({
      {"a unit too many", [](Tampering& t) { ++t.sale(1).available; }},
      {"held too few", [](Tampering& t) { --t.sale(1).held; }},
      {"paying too few", [](Tampering& t) { --t.sale(1).paying; }},
      {"sold too few", [](Tampering& t) { --t.sale(1).sold; }},
      {"offered too few", [](Tampering& t) { --t.sale(1).offered; }},
      {"waiting too few", [](Tampering& t) { --t.sale(1).waiting; }},
      {"a refund too few", [](Tampering& t) { --t.sale(2).refunds_due; }},
      {"more units than a customer may have", [](Tampering& t) { t.sale(2).settings.per_customer = 1; }},
      {"sold by nothing", [](Tampering& t) { t.hold_of(1, 3).sold_by_attempt = 0; }},
      {"a hold that nobody finds", [](Tampering& t) { t.hold_of(2, 1).older_of_customer = kNoSlot; }},
      {"a position given twice", [](Tampering& t) { t.entry_of(8).arrival = 7; }},
      {"a line with a gap", [](Tampering& t) { t.entry_of(8).arrival = 9; }},
      {"a line that is too short", [](Tampering& t) { --t.sale(1).last_position; }},
      {"a line without anybody", [](Tampering& t) { t.sale(2).last_position = 1; }},
      {"serving those who wait", [](Tampering& t) { t.sale(1).now_serving = 6; }},
      {"a hold too few of a sale", [](Tampering& t) { --t.sale(1).used.holds.all; }},
      {"what a free hold has", [](Tampering& t) { t.hold_annotations().set(t.free_holds(), {"R", "", ""}); }},
      {"a guest that is not counted", [](Tampering& t) { t.entry_of(8).kind = CustomerKind::kGuest; }},
  });
}

TEST_F(Tampered, older_payments_are_refused_where_there_can_be_none) {
  const auto slot = [](Tampering& t, uint64_t who) { return t.state.newest_hold_of(SaleNumber(1), customer(who)); };
  expect_refused({
      {"of a free slot", [](Tampering& t) { t.older_payments()[t.free_holds()] = {{1, 1}}; }},
      {"before the first", [&](Tampering& t) { t.older_payments()[slot(t, 2)] = {{1, 1}}; }},
  });
}

// At the end of a snapshot of such a state: a byte of kind, and 33 for each payment that bought nothing.
size_t bytes_of_money(const State& state) { return 1 + 33 * state.known_money().size(); }

// What follows the payments of holds: eight bytes for each hold that is sold, a byte of kind and all entries, and for
// either kind four that say that nothing is attached. No operator has sent a key.
size_t bytes_behind_payments(const State& state) {
  size_t sold = 0;
  for (uint32_t slot = 0; slot < state.hold_slots(); ++slot) sold += state.hold_at(slot).state == HoldState::kSold;
  return 8 * sold + 4 + 1 + kEntryBytes * size_t{state.entry_slots()} + 4 + bytes_of_money(state);
}

TEST_F(Tampered, money_that_buys_nothing_is_refused_where_it_can_not_be) {
  const auto add = [](Tampering& t, MoneyKey key, MoneyState state = MoneyState::kReturned) {
    t.known_money()[key] = {Money{1, Currency("USD")}, state};
  };
  Tampering sound(saved(machine_));
  EXPECT_TRUE((add(sound, {1, 0, 1, 5}), State(kSmall).load(sound.bytes()).has_value()));
  expect_refused({
      {"of a sale that never was", [&](Tampering& t) { add(t, {9, 0, 1, 5}); }},
      {"of a hold that never was", [&](Tampering& t) { add(t, {1, HoldNumber{0, 99}.packed(), 1, 5}); }},
      {"of no attempt", [&](Tampering& t) { add(t, {1, 0, 0, 5}); }},
      {"of no payment", [&](Tampering& t) { add(t, {1, 0, 1, 0}); }},
      {"that is due, and not counted", [&](Tampering& t) { add(t, {1, 0, 1, 5}, MoneyState::kDue); }},
      {"that bought something, which is not said",
       [](Tampering& t) { t.bought_with(t.state.newest_hold_of(SaleNumber(1), customer(3))) = 0; }},
  });
}

TEST_F(Tampered, older_payments_are_refused_in_another_order) {
  Tampering sound(saved(machine_));
  for (const uint64_t who : {2, 3}) {
    Hold& hold = sound.hold_of(1, who);
    hold.attempts = 2;
    const uint32_t slot = sound.state.newest_hold_of(SaleNumber(1), customer(who));
    sound.older_payments()[slot] = {{who, 7}};
  }
  std::vector<std::byte> bytes = sound.bytes();
  EXPECT_TRUE(State(kSmall).load(bytes).has_value());
  EXPECT_FALSE(State(kSmall).load(Bytes(bytes).first(bytes.size() - 1)).has_value());
  const auto end = bytes.end() - static_cast<std::ptrdiff_t>(bytes_behind_payments(sound.state));
  std::swap_ranges(end - 32, end - 16, end - 16);
  EXPECT_FALSE(State(kSmall).load(bytes).has_value());
  std::swap_ranges(end - 32, end - 16, end - 16);
  *(end - 16) = std::byte{60};
  EXPECT_FALSE(State(kSmall).load(bytes).has_value()) << "of a hold beyond the table";
}

// Counted from the end, where the keys are: 8 bytes of key, 8 of fingerprint, 4 of sale.
TEST_F(Tampered, operators_keys_are_refused_where_two_are_one_or_their_sale_is_unknown) {
  decide(ActOnSale{SaleNumber(1), SaleAction::kPause, by_operator(key(1))});
  decide(ActOnSale{SaleNumber(1), SaleAction::kResume, by_operator(key(2))});
  const std::vector<std::byte> sound = saved(machine_);
  std::vector<std::byte> unknown_sale = sound;
  const auto end = static_cast<std::ptrdiff_t>(sound.size() - bytes_of_money(machine_.state()));
  unknown_sale[static_cast<size_t>(end - 4)] = std::byte{9};
  EXPECT_FALSE(State(kSmall).load(unknown_sale).has_value());
  std::vector<std::byte> same_key = sound;
  std::copy_n(sound.begin() + end - 40, 8, same_key.begin() + end - 20);
  EXPECT_FALSE(State(kSmall).load(same_key).has_value());
}

}  // namespace
}  // namespace doorbuster::sale
