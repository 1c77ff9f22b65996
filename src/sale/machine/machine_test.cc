#include "sale/machine/machine.h"

#include <gtest/gtest.h>

#include "sale/machine/invariants.h"

namespace doorbuster::sale {
namespace {

constexpr Capacity kSmall = {.sales = 4, .holds = 64, .entries = 64, .operator_keys = 16};

Timestamp at(int64_t seconds) { return Timestamp::from_micros(1'700'000'000'000'000) + Duration::seconds(seconds); }

class MachineTest : public testing::Test {
 protected:
  MachineTest() { machine_.go_live(at(0)); }

  Reply decide(Command command, int64_t seconds) {
    EventSink sink{payload_};
    while (!machine_.tick(at(seconds), 1000, sink)) {
    }
    Reply reply = machine_.decide(command, at(seconds), sink);
    expect_that_nothing_is_broken();
    return reply;
  }

  void expect_that_nothing_is_broken() { EXPECT_EQ(broken_invariants(machine_.state()), std::vector<std::string>()); }

  Reply create(QueueKind queue, uint32_t units) {
    auto settings = std::make_unique<Settings>();
    settings->id = "ps5";
    settings->title = "PS5";
    settings->units = units;
    settings->queue = queue;
    settings->opens_at = at(10);
    return decide(CreateSale{std::move(settings), false, {}}, 0);
  }

  Reply reserve(uint64_t customer, int64_t seconds) {
    return decide(Reserve{SaleNumber(0), {customer, customer}, {}}, seconds);
  }

  std::vector<std::byte> payload_;
  Machine machine_{kSmall};
};

TEST_F(MachineTest, sells_exactly_what_is_there) {
  create(QueueKind::kNone, 2);
  EXPECT_EQ(reserve(1, 9).outcome, Outcome::kSaleNotOpen);
  EXPECT_EQ(reserve(1, 10).outcome, Outcome::kDone);
  EXPECT_EQ(reserve(1, 10).outcome, Outcome::kOnePerCustomer);
  EXPECT_EQ(reserve(2, 10).outcome, Outcome::kDone);
  const Reply sold_out = reserve(3, 11);
  EXPECT_EQ(sold_out.outcome, Outcome::kSoldOut);
  EXPECT_EQ(sold_out.units, 2U);
}

TEST_F(MachineTest, gives_an_expired_unit_to_the_next_in_line) {
  create(QueueKind::kFifo, 1);
  const auto join = [&](uint64_t customer, int64_t seconds) {
    return decide(Join{SaleNumber(0), {customer, customer}, {}}, seconds);
  };
  EXPECT_EQ(join(1, 11).entry->state, EntryState::kOffered);
  const Reply second = join(2, 11);
  EXPECT_EQ(second.entry->state, EntryState::kWaiting);
  EXPECT_EQ(second.entry->people_ahead, 0U);
  EXPECT_EQ(join(3, 11).entry->people_ahead, 1U);
  EXPECT_EQ(reserve(2, 12).outcome, Outcome::kNotYourTurn);
  EXPECT_EQ(reserve(1, 12).outcome, Outcome::kDone);
  EXPECT_EQ(reserve(2, 311).outcome, Outcome::kNotYourTurn);
  EXPECT_EQ(reserve(2, 312).outcome, Outcome::kDone);
}

TEST_F(MachineTest, gives_the_same_state_when_its_log_is_replayed) {
  create(QueueKind::kNone, 3);
  const Reply held = reserve(1, 10);
  ASSERT_EQ(decide(StartPayment{held.hold->number, {1, 1}, {}}, 11).outcome, Outcome::kDone);
  ASSERT_EQ(decide(SettlePayment{held.hold->number, 1, PaymentResult::kSucceeded, "r"}, 12).outcome, Outcome::kDone);
  Machine other(kSmall);
  ASSERT_TRUE(other.apply(payload_, at(10)).has_value());
  std::vector<std::byte> state;
  machine_.save(state);
  Machine loaded(kSmall);
  ASSERT_TRUE(loaded.load(state).has_value());
  std::vector<std::byte> again;
  loaded.save(again);
  EXPECT_EQ(state, again);
  EXPECT_EQ(other.state().status_of(SaleNumber(0)).sold, 1U);
}

}  // namespace
}  // namespace doorbuster::sale
