// What came to nothing is forgotten early while a table is more than half full, and never what somebody may still need.
#include "sale/machine/archive_test_fixture.h"

namespace doorbuster::sale {
namespace {

constexpr Capacity kTwenty = {
    .sales = 3, .holds = 20, .entries = 20, .operator_keys = 16, .sale_share_percent = 100, .guest_share_percent = 100};
constexpr Duration kFiveMinutes = Duration::seconds(300);
constexpr Duration kASweep = Duration::seconds(10);
constexpr Duration kAMinute = Duration::seconds(60);  // to the next sweep, where one has found nothing

class Retention : public ArchivingFixture {
 protected:
  explicit Retention(const Capacity& capacity = kTwenty) : ArchivingFixture(capacity) {}

  SaleNumber sell(QueueKind queue, uint32_t units = 1'000, Duration opens_in = {}) {
    Settings settings;
    settings.id = "sale-" + std::to_string(machine_.state().sale_count());
    settings.units = units;
    settings.queue = queue;
    settings.opens_at = now_ + opens_in;
    settings.claim_seconds = 60;
    settings.hold_seconds = 3'600;
    settings.payment_grace_seconds = 0;
    if (queue == QueueKind::kPass) settings.hold_seconds = 60;
    return expect_done(CreateSale{std::make_unique<Settings>(std::move(settings)), false, {}}).sale;
  }
  HoldNumber reserve(SaleNumber sale, uint64_t who) {
    return expect_done(Reserve{sale, customer(who), {}}).hold->number;
  }
  EntryNumber join(SaleNumber sale, uint64_t who) { return expect_done(Join{sale, customer(who), {}}).entry->number; }
  void release(HoldNumber hold, uint64_t who) { expect_done(Release{hold, customer(who), {}}); }
  void leave(EntryNumber entry, uint64_t who) { expect_done(Leave{entry, customer(who)}); }
  // Customers from `who` on reserve; nobody gives back.
  void fill_with_holds(SaleNumber sale, uint32_t count) {
    for (uint32_t i = 0; i < count; ++i) reserve(sale, 100 + i);
  }
  // In a sale of its own, nobody of whom is ever forgotten.
  void fill_with_entries(uint32_t count) {
    const SaleNumber crowd = sell(QueueKind::kFifo, 1);
    for (uint32_t i = 0; i < count; ++i) join(crowd, 100 + i);
  }
  void pay(HoldNumber hold, uint64_t who) { expect_done(StartPayment{hold, customer(who), {}}); }
  bool is_known(HoldNumber hold) { return machine_.state().find_hold(hold) != nullptr; }
  bool is_known(EntryNumber entry) { return machine_.state().find_entry(entry) != nullptr; }
};

TEST_F(Retention, keeps_everything_for_its_time_while_the_tables_are_half_empty) {
  const SaleNumber sale = sell(QueueKind::kNone);
  const HoldNumber hold = reserve(sale, 1);
  release(hold, 1);
  fill_with_holds(sale, 9);
  EXPECT_EQ(machine_.state().used().holds.all, 10U);
  pass(Duration::seconds(3'500));
  EXPECT_TRUE(is_known(hold));
  close(sale);
  pass(Duration::seconds(3'600));
  EXPECT_TRUE(is_known(hold));
}

TEST_F(Retention, forgets_a_hold_five_minutes_after_it_was_given_back_once_there_are_too_many) {
  const SaleNumber sale = sell(QueueKind::kNone);
  const HoldNumber hold = reserve(sale, 1);
  release(hold, 1);
  pass(Duration::seconds(290));
  fill_with_holds(sale, 10);
  EXPECT_LE(machine_.next_deadline(), now_ + kASweep);
  EXPECT_EQ(pass(kASweep - Duration::micros(1'000)), 0U);
  EXPECT_TRUE(is_known(hold));
  pass(Duration::micros(1'000));
  EXPECT_FALSE(is_known(hold)) << "given back five minutes ago";
  EXPECT_EQ(machine_.state().used().holds.all, 10U);
}

TEST_F(Retention, keeps_a_hold_that_was_given_back_less_than_five_minutes_ago) {
  const SaleNumber sale = sell(QueueKind::kNone);
  const HoldNumber hold = reserve(sale, 1);
  pass(Duration::seconds(100));
  release(hold, 1);
  fill_with_holds(sale, 10);
  for (int look = 0; look < 29; ++look) pass(kASweep);
  EXPECT_TRUE(is_known(hold));
  pass(kAMinute);
  EXPECT_FALSE(is_known(hold));
}

TEST_F(Retention, forgets_a_hold_whose_time_was_up) {
  const SaleNumber sale = sell(QueueKind::kNone);
  fill_with_holds(sale, 12);
  pass(Duration::seconds(3'600));
  pass(kFiveMinutes - Duration::micros(1'000));
  EXPECT_EQ(machine_.state().used().holds.all, 12U);
  pass(kAMinute);
  EXPECT_EQ(machine_.state().used().holds.all, 0U);
  EXPECT_TRUE(has_nothing_due()) << "nothing is swept any more";
}

// A provider that has said no may still say yes.
TEST_F(Retention, never_forgets_a_hold_that_a_payment_was_begun_for) {
  const SaleNumber sale = sell(QueueKind::kNone);
  const HoldNumber declined = reserve(sale, 1);
  pay(declined, 1);
  expect_done(SettlePayment{declined, 1, PaymentResult::kFailed, "declined"});
  release(declined, 1);
  const HoldNumber unknown = reserve(sale, 2);
  pay(unknown, 2);
  const HoldNumber bought = reserve(sale, 3);
  pay(bought, 3);
  expect_done(SettlePayment{bought, 1, PaymentResult::kSucceeded, "paid"});
  fill_with_holds(sale, 12);
  pass(Duration::seconds(3'600));
  pass(Duration::seconds(3'600));
  for (const HoldNumber hold : {declined, unknown, bought}) EXPECT_TRUE(is_known(hold));
  EXPECT_EQ(machine_.state().used().holds.all, 3U);
  const Reply late = expect_done(SettlePayment{unknown, 1, PaymentResult::kSucceeded, "late"});
  EXPECT_EQ(late.hold->refund, RefundState::kDue);
}

TEST_F(Retention, forgets_who_left_a_line_and_whose_turn_has_passed) {
  const SaleNumber sale = sell(QueueKind::kFifo, 3);
  const EntryNumber left = join(sale, 1);
  const EntryNumber lapsed = join(sale, 2);
  const EntryNumber held = join(sale, 3);
  const HoldNumber hold = reserve(sale, 3);
  leave(left, 1);
  release(hold, 3);
  pass(Duration::seconds(60));
  fill_with_entries(10);
  pass(kFiveMinutes);
  EXPECT_FALSE(is_known(left));
  EXPECT_FALSE(is_known(lapsed));
  EXPECT_FALSE(is_known(hold));
  EXPECT_FALSE(is_known(held)) << "with its hold, and in the same sweep";
  EXPECT_EQ(join(sale, 1).slot, held.slot) << "who is forgotten may come again";
}

TEST_F(Retention, keeps_who_left_the_middle_of_a_line_until_it_has_passed_them) {
  const SaleNumber sale = sell(QueueKind::kFifo, 1);
  join(sale, 1);
  const HoldNumber hold = reserve(sale, 1);
  const EntryNumber first = join(sale, 2);
  const EntryNumber middle = join(sale, 3);
  const EntryNumber last = join(sale, 4);
  leave(middle, 3);
  fill_with_entries(10);
  pass(kFiveMinutes);
  pass(kASweep);
  EXPECT_TRUE(is_known(middle));
  release(hold, 1);
  EXPECT_EQ(decide(LookUpEntry{first, {}}).entry->state, EntryState::kOffered);
  pass(Duration::seconds(59));
  EXPECT_FALSE(is_known(middle));
  EXPECT_EQ(decide(LookUpEntry{last, {}}).entry->people_ahead, 0U);
}

TEST_F(Retention, never_lets_back_in_whom_an_operator_removed) {
  const SaleNumber sale = sell(QueueKind::kFifo, 1);
  const EntryNumber removed = join(sale, 1);
  expect_done(RemoveEntry{removed, by_operator()});
  fill_with_entries(12);
  pass(kFiveMinutes);
  pass(kASweep);
  EXPECT_EQ(decide(Join{sale, customer(1), {}}).outcome, Outcome::kRemoved);
  close(sale);
  pass(kFiveMinutes);
  pass(kASweep);
  EXPECT_FALSE(is_known(removed)) << "nobody can come back to what is closed";
}

TEST_F(Retention, forgets_of_a_closed_sale_all_that_came_to_nothing) {
  const SaleNumber sale = sell(QueueKind::kFifo, 2);
  const EntryNumber bought = join(sale, 1);
  const HoldNumber hold = reserve(sale, 1);
  pay(hold, 1);
  expect_done(SettlePayment{hold, 1, PaymentResult::kSucceeded, "paid"});
  std::vector<EntryNumber> rest;
  for (uint64_t who = 2; who <= 5; ++who) rest.push_back(join(sale, who));
  leave(rest.back(), 5);
  fill_with_entries(10);
  pass(Duration::seconds(30));
  close(sale);
  pass(kFiveMinutes - Duration::micros(1'000));
  for (const EntryNumber entry : rest) EXPECT_TRUE(is_known(entry));
  EXPECT_EQ(decide(LookUpEntry{rest[0], {}}).entry->state, EntryState::kMissed);
  pass(kAMinute);
  for (const EntryNumber entry : rest) EXPECT_FALSE(is_known(entry));
  EXPECT_TRUE(is_known(bought));
  EXPECT_TRUE(is_known(hold));
}

TEST_F(Retention, keeps_for_a_day_who_took_part_in_a_draw) {
  const SaleNumber sale = sell(QueueKind::kDraw, 1, Duration::seconds(60));
  const EntryNumber early = join(sale, 1);
  join(sale, 2);
  const EntryNumber gone = join(sale, 3);
  leave(gone, 3);
  pass(Duration::seconds(60));
  const EntryNumber late = join(sale, 4);
  leave(late, 4);
  fill_with_entries(12);
  pass(kFiveMinutes);
  pass(kASweep);
  for (const EntryNumber entry : {early, gone, late}) EXPECT_TRUE(is_known(entry)) << "while it is open";
  close(sale);
  pass(kFiveMinutes);
  EXPECT_FALSE(is_known(late));
  EXPECT_TRUE(is_known(gone));
  pass(Duration::seconds(24 * 3600));
  EXPECT_FALSE(is_known(early));
  EXPECT_FALSE(is_known(gone));
}

TEST_F(Retention, forgets_who_waited_for_a_draw_that_never_was) {
  const SaleNumber sale = sell(QueueKind::kDraw, 1, Duration::seconds(6'000));
  const EntryNumber waited = join(sale, 1);
  leave(join(sale, 2), 2);
  fill_with_entries(12);
  close(sale);
  pass(kFiveMinutes);
  pass(kASweep);
  EXPECT_FALSE(is_known(waited));
  EXPECT_EQ(machine_.state().used().entries.all, 12U);
}

TEST_F(Retention, forgets_visitors_of_a_site_that_is_closed) {
  const SaleNumber site = sell(QueueKind::kPass, 1);
  join(site, 1);
  const HoldNumber visit = reserve(site, 1);
  const EntryNumber waiting = join(site, 2);
  fill_with_entries(12);
  close(site);
  pass(kFiveMinutes);
  pass(kASweep);
  EXPECT_FALSE(is_known(visit));
  EXPECT_FALSE(is_known(waiting));
}

TEST_F(Retention, goes_on_after_a_restart) {
  const SaleNumber sale = sell(QueueKind::kNone);
  const HoldNumber hold = reserve(sale, 1);
  release(hold, 1);
  fill_with_holds(sale, 10);
  Machine later(kTwenty);
  ASSERT_TRUE(later.load(saved(machine_)).has_value());
  now_ = now_ + Duration::seconds(3'000);
  later.go_live(now_);
  pass_with(later, kASweep);
  EXPECT_EQ(later.state().find_hold(hold), nullptr);
  EXPECT_EQ(saved(later), saved(machine_));
}

TEST_F(Retention, leaves_to_the_archive_what_is_archived) {
  const SaleNumber sale = sell(QueueKind::kFifo, 1);
  for (uint64_t who = 1; who <= 12; ++who) join(sale, who);
  close(sale);
  pass(Duration::seconds(30 * 24 * 3600));
  EXPECT_TRUE(is_archived(sale));
  EXPECT_EQ(machine_.state().used(), Usages());
}

// So many that a sweep takes several slices.
class LongRetention : public Retention {
 protected:
  static constexpr uint32_t kPlaces = 10'000;
  LongRetention()
      : Retention({.sales = 3,
                   .holds = kPlaces,
                   .entries = kPlaces,
                   .operator_keys = 4,
                   .sale_share_percent = 100,
                   .guest_share_percent = 100}) {}
};

TEST_F(LongRetention, goes_through_the_tables_in_slices_so_that_nobody_waits) {
  const SaleNumber sale = sell(QueueKind::kFifo, 1);
  const EntryNumber first = join(sale, 1);
  for (uint64_t who = 2; who <= 5'600; ++who) join(sale, who);
  const HoldNumber hold = reserve(sale, 1);
  pay(hold, 1);
  expect_done(SettlePayment{hold, 1, PaymentResult::kSucceeded, "paid"});
  close(sale);
  pass(kFiveMinutes);
  EXPECT_EQ(machine_.state().used().entries.all, 5'600U - 256);
  EXPECT_EQ(machine_.next_deadline(), now_ + Duration::millis(1));
  int slices = 1;
  for (; machine_.next_deadline() == now_ + Duration::millis(1); ++slices) pass(Duration::millis(1));
  EXPECT_EQ(slices, 22) << "of 256 records each";
  EXPECT_TRUE(is_known(first));
  EXPECT_EQ(machine_.state().used().records(), 2U);
  const SaleNumber next = sell(QueueKind::kFifo, 1);
  join(next, 1);
  EXPECT_EQ(machine_.state().entry_slots(), 5'600U) << "their places are used again";
}

TEST_F(LongRetention, looks_at_so_many_at_a_time_also_where_there_is_nothing_to_forget) {
  const SaleNumber sale = sell(QueueKind::kNone, 100'000);
  for (uint64_t who = 1; who <= 9'000; ++who) reserve(sale, who);
  const SaleNumber line = sell(QueueKind::kFifo, 1);
  for (uint64_t who = 1; who <= 8'000; ++who) join(line, who);
  for (int slice = 0; slice < 2; ++slice) {
    EXPECT_EQ(pass(slice == 0 ? kASweep : Duration::millis(1)), 0U);
    EXPECT_EQ(machine_.next_deadline(), now_ + Duration::millis(1)) << "8,192 of 17,000 were looked at";
  }
  EXPECT_EQ(pass(Duration::millis(1)), 0U);
  EXPECT_GT(machine_.next_deadline(), now_ + Duration::millis(1));
}

TEST_F(LongRetention, forgets_many_holds_in_slices_too) {
  const SaleNumber sale = sell(QueueKind::kNone, 100'000);
  for (uint64_t who = 1; who <= 6'000; ++who) release(reserve(sale, who), who);
  pass(kFiveMinutes);
  EXPECT_EQ(machine_.state().used().holds.all, 6'000U - 256);
  for (int slice = 1; slice < 24; ++slice) pass(Duration::millis(1));
  EXPECT_EQ(machine_.state().used().holds.all, 0U);
}

// Whose records go in slices of their own; meanwhile another sale makes it crowded.
class ArchivedMeanwhile : public Retention {
 protected:
  static constexpr uint32_t kMany = 400;
  static constexpr Duration kMonth = Duration::seconds(30 * 24 * 3600);
  ArchivedMeanwhile()
      : Retention({.sales = 3, .holds = 1'000, .entries = 1'000, .operator_keys = 4, .sale_share_percent = 100}) {}

  // Of `sale`, which is closed, with the others that come ten seconds before its month is over.
  template <class Fill>
  void archive_while_crowded(const Fill& fill) {
    close(SaleNumber(0));
    pass(kMonth - kASweep);
    fill();
    EXPECT_TRUE(machine_.state().is_crowded());
    pass(kASweep);
    EXPECT_TRUE(machine_.state().sale_at(0).archived);
    EXPECT_EQ(machine_.state().sale_at(0).used.records(), kMany - 256);
    for (int slice = 0; slice < 10; ++slice) pass(Duration::millis(1));
    EXPECT_TRUE(is_archived(SaleNumber(0)));
  }
};

TEST_F(ArchivedMeanwhile, leaves_to_the_archive_entries_that_it_has_come_to) {
  const SaleNumber sale = sell(QueueKind::kFifo, 1);
  for (uint64_t who = 1; who <= kMany; ++who) join(sale, who);
  archive_while_crowded([&] { fill_with_entries(kMany); });
}

TEST_F(ArchivedMeanwhile, leaves_to_the_archive_holds_that_it_has_come_to) {
  Settings long_holds;
  long_holds.id = "long";
  long_holds.units = kMany;
  long_holds.queue = QueueKind::kNone;
  long_holds.hold_seconds = kMaxSeconds - 400;
  open(std::move(long_holds));
  for (uint64_t who = 1; who <= kMany; ++who) reserve(SaleNumber(0), who);
  archive_while_crowded([&] { fill_with_holds(sell(QueueKind::kNone), kMany); });
}

}  // namespace
}  // namespace doorbuster::sale
