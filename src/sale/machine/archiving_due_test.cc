// What falls due of a sale that is being archived, or is archived by then: nobody waits for it any more, so nothing
// happens and nothing is recorded but the archiving.
#include "sale/machine/machine_test_fixture.h"

namespace doorbuster::sale {
namespace {

constexpr Capacity kThousand = {.sales = 2, .holds = 1'000, .entries = 1'000, .operator_keys = 4};
constexpr Duration kMonth = Duration::seconds(kMaxSeconds);  // from the end of a sale to its archiving, too
constexpr SaleNumber kSale{0};
constexpr uint32_t kPeople = 300;  // one slice of 256, and a rest

class DueWhileArchiving : public testing::Test {
 protected:
  void TearDown() override {
    EXPECT_EQ(replayed(log_, kThousand), saved(machine_));
    EXPECT_EQ(loaded_and_saved(saved(machine_), kThousand), saved(machine_));
    EXPECT_EQ(broken_invariants(machine_.state()), std::vector<std::string>());
  }

  void open(QueueKind queue, uint32_t units) {
    machine_.go_live(now_);
    Settings settings;
    settings.id = "ps5";
    settings.units = units;
    settings.queue = queue;
    settings.opens_at = now_;
    settings.claim_seconds = kMaxSeconds;
    settings.hold_seconds = kMaxSeconds;
    decide(CreateSale{std::make_unique<Settings>(std::move(settings)), false, {}});
  }
  void close() { decide(ActOnSale{kSale, SaleAction::kClose, by_operator()}); }
  Reply decide(const Command& command) {
    std::vector<std::byte> payload;
    EventSink sink{payload};
    Reply reply = machine_.decide(command, now_, sink);
    EXPECT_EQ(reply.outcome, Outcome::kDone);
    log_.push_back({std::move(payload), now_});
    return reply;
  }
  // How many events it brought.
  size_t pass(Duration time) {
    now_ = now_ + time;
    std::vector<std::byte> payload;
    EventSink sink{payload};
    EXPECT_TRUE(machine_.tick(now_, 10'000, sink));
    const size_t count = sink.count;
    if (count > 0) log_.push_back({std::move(payload), now_});
    return count;
  }
  bool is_archived() { return machine_.state().archived_id(kSale) != nullptr; }

  Machine machine_{kThousand};
  Timestamp now_ = kStart;
  std::vector<RecordedBatch> log_;
};

// Each was given back at once, and would have been forgotten a day and some minutes after its time.
class HoldsDueWhileArchiving : public DueWhileArchiving {
 protected:
  HoldsDueWhileArchiving() {
    open(QueueKind::kNone, kPeople);
    for (uint64_t who = 0; who < kPeople; ++who) {
      const HoldNumber hold = decide(Reserve{kSale, customer(who), {}}).hold->number;
      decide(Release{hold, customer(who), {}});
    }
    close();
  }
};

TEST_F(HoldsDueWhileArchiving, wait_for_their_slice) {
  EXPECT_EQ(pass(kMonth + kMonth), 1U) << "a slice of the records";
  EXPECT_EQ(machine_.state().sale_at(0).records, kPeople - 256);
  EXPECT_EQ(pass(Duration::millis(1)), 2U) << "their rest, and the sale";
  EXPECT_TRUE(is_archived());
  EXPECT_EQ(machine_.next_deadline(), Timestamp::from_micros(INT64_MAX));
}

TEST_F(HoldsDueWhileArchiving, are_not_forgotten_once_more_after_their_sale) {
  EXPECT_EQ(pass(kMonth), 1U);
  EXPECT_EQ(pass(Duration::millis(1)), 2U);
  EXPECT_TRUE(is_archived());
  EXPECT_EQ(pass(kMonth), 0U);
  EXPECT_EQ(machine_.next_deadline(), Timestamp::from_micros(INT64_MAX));
}

// An offer of the millisecond in which its sale closes lasts until the one in which the sale is archived. Which of the
// two timers fires first depends on where the timer wheel has that moment: in the first case the offer's does, in the
// second, at the begin of a slot of an outer wheel, the sale's.
class OfferOfLastMoment : public DueWhileArchiving, public testing::WithParamInterface<int> {};

TEST_P(OfferOfLastMoment, is_forgotten_with_its_sale_and_does_not_lapse) {
  now_ = now_ + Duration::millis(GetParam());
  open(QueueKind::kFifo, 1);
  const EntryNumber entry = decide(Join{kSale, customer(1), {}}).entry->number;
  ASSERT_EQ(machine_.state().find_entry(entry)->state, EntryState::kOffered);
  close();
  EXPECT_EQ(pass(kMonth - Duration::millis(1)), 0U);
  EXPECT_EQ(pass(Duration::millis(1)), 2U) << "the records, and the sale";
  EXPECT_TRUE(is_archived());
  EXPECT_EQ(machine_.next_deadline(), Timestamp::from_micros(INT64_MAX));
}

INSTANTIATE_TEST_SUITE_P(AtAnyTime, OfferOfLastMoment, testing::Values(0, 53'248));

// In a sale that is a pass the line is counted from who is first in it, and in a closed one nobody is.
TEST_F(DueWhileArchiving, visitors_who_waited_are_forgotten_after_a_restart_in_between) {
  open(QueueKind::kPass, 1);
  for (uint64_t who = 0; who < kPeople; ++who) decide(Join{kSale, customer(who), {}});
  close();
  EXPECT_EQ(pass(kMonth), 1U);
  ASSERT_TRUE(machine_.state().sale_at(0).archived);
  Machine later(kThousand);
  ASSERT_TRUE(later.load(saved(machine_)).has_value());
  EXPECT_EQ(later.state().sale_at(0).records, kPeople - 256);
  later.go_live(now_);
  std::vector<std::byte> payload;
  EventSink sink{payload};
  EXPECT_TRUE(later.tick(now_ + Duration::millis(1), 10'000, sink));
  pass(Duration::millis(1));
  EXPECT_TRUE(is_archived());
  EXPECT_EQ(saved(later), saved(machine_));
}

}  // namespace
}  // namespace doorbuster::sale
