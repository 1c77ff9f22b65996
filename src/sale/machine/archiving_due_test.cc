// What falls due of a sale that is being archived, or is archived by then: nobody waits for it any more, so nothing
// happens and nothing is recorded but the archiving.
#include "sale/machine/archive_test_fixture.h"

namespace doorbuster::sale {
namespace {

constexpr Capacity kThousand = {.sales = 2, .holds = 1'000, .entries = 1'000, .operator_keys = 4};
constexpr Duration kMonth = Duration::seconds(kMaxSeconds);  // from the end of a sale to its archiving, too
constexpr SaleNumber kSale{0};
constexpr uint32_t kPeople = 300;  // one slice of 256, and a rest

class DueWhileArchiving : public ArchivingFixture {
 protected:
  DueWhileArchiving() : ArchivingFixture(kThousand) {}

  void open_with(QueueKind queue, uint32_t units) {
    Settings settings;
    settings.id = "ps5";
    settings.units = units;
    settings.queue = queue;
    settings.claim_seconds = kMaxSeconds;
    settings.hold_seconds = kMaxSeconds;
    open(std::move(settings));
  }
};

// Each was given back at once, when a payment was declined, and would have been forgotten a day and some minutes after
// its time.
class HoldsDueWhileArchiving : public DueWhileArchiving {
 protected:
  HoldsDueWhileArchiving() {
    open_with(QueueKind::kNone, kPeople);
    for (uint64_t who = 0; who < kPeople; ++who) {
      const HoldNumber hold = expect_done(Reserve{kSale, customer(who), {}}).hold->number;
      expect_done(StartPayment{hold, customer(who), {}});
      expect_done(SettlePayment{hold, 1, PaymentResult::kFailed, "declined"});
      expect_done(Release{hold, customer(who), {}});
    }
    close(kSale);
  }
};

TEST_F(HoldsDueWhileArchiving, wait_for_their_slice) {
  EXPECT_EQ(pass(kMonth + kMonth), 1U) << "a slice of the records";
  EXPECT_EQ(machine_.state().sale_at(0).used.records(), kPeople - 256);
  EXPECT_EQ(pass(Duration::millis(1)), 2U) << "their rest, and the sale";
  EXPECT_TRUE(is_archived(kSale));
  EXPECT_TRUE(has_nothing_due());
}

TEST_F(HoldsDueWhileArchiving, are_not_forgotten_once_more_after_their_sale) {
  EXPECT_EQ(pass(kMonth), 1U);
  EXPECT_EQ(pass(Duration::millis(1)), 2U);
  EXPECT_TRUE(is_archived(kSale));
  EXPECT_EQ(pass(kMonth), 0U);
  EXPECT_TRUE(has_nothing_due());
}

// An offer of the millisecond in which its sale closes lasts until the one in which the sale is archived. Which of the
// two timers fires first depends on where the timer wheel has that moment: in the first case the offer's does, in the
// second, at the begin of a slot of an outer wheel, the sale's.
class OfferOfLastMoment : public DueWhileArchiving, public testing::WithParamInterface<int> {};

TEST_P(OfferOfLastMoment, is_forgotten_with_its_sale_and_does_not_lapse) {
  pass(Duration::millis(GetParam()));
  open_with(QueueKind::kFifo, 1);
  const EntryNumber entry = expect_done(Join{kSale, customer(1), {}}).entry->number;
  ASSERT_EQ(machine_.state().find_entry(entry)->state, EntryState::kOffered);
  close(kSale);
  EXPECT_EQ(pass(kMonth - Duration::millis(1)), 0U);
  EXPECT_EQ(pass(Duration::millis(1)), 2U) << "the records, and the sale";
  EXPECT_TRUE(is_archived(kSale));
  EXPECT_TRUE(has_nothing_due());
}

INSTANTIATE_TEST_SUITE_P(AtAnyTime, OfferOfLastMoment, testing::Values(0, 53'248));

// In a sale that is a pass the line is counted from who is first in it, and in a closed one nobody is.
TEST_F(DueWhileArchiving, visitors_who_waited_are_forgotten_after_a_restart_in_between) {
  open_with(QueueKind::kPass, 1);
  for (uint64_t who = 0; who < kPeople; ++who) expect_done(Join{kSale, customer(who), {}});
  close(kSale);
  EXPECT_EQ(pass(kMonth), 1U);
  ASSERT_TRUE(machine_.state().sale_at(0).archived);
  Machine later(kThousand);
  ASSERT_TRUE(later.load(saved(machine_)).has_value());
  EXPECT_EQ(later.state().sale_at(0).used.records(), kPeople - 256);
  later.go_live(now_);
  pass_with(later, Duration::millis(1));
  EXPECT_TRUE(is_archived(kSale));
  EXPECT_EQ(saved(later), saved(machine_));
}

}  // namespace
}  // namespace doorbuster::sale
