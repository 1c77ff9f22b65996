// A log, and a snapshot, that were written with higher limits than today's: all of it is taken in, and what the limits
// have to be at least is said.
#include <algorithm>

#include "sale/machine/machine_test_fixture.h"

namespace doorbuster::sale {
namespace {

constexpr SaleNumber kFirst{0};

Capacity with(Capacity capacity, uint32_t Capacity::*limit, uint32_t value) {
  capacity.*limit = value;
  return capacity;
}

class LoweredLimits : public MachineFixture {
 protected:
  void create_sales(int count) {
    for (int i = 0; i < count; ++i) {
      Settings sale = settings(QueueKind::kFifo, 20);
      sale.id = "sale-" + std::to_string(i);
      ASSERT_EQ(create(sale).outcome, Outcome::kDone);
    }
    at_second(10);
  }
  // Closed now, and forgotten thirty days later.
  void archive_first() {
    act(SaleAction::kClose);
    at_second(static_cast<double>((now_ - kStart).whole_seconds()) + 31 * kDay);
    for (int i = 0; i < 10 && !is_archived(); ++i) {
      const double later = static_cast<double>((now_ - kStart).micros()) / 1e6 + 0.001;
      at_second(later);
    }
    ASSERT_TRUE(is_archived());
  }

  // What machines of those limits say that come from the log and from the snapshot: both the same. Empty if all is
  // well; then both go live.
  std::string said_with(const Capacity& capacity) {
    Machine by_log(capacity);
    for (const RecordedBatch& batch : log_) EXPECT_TRUE(by_log.apply(batch.payload, batch.time).has_value());
    Machine by_snapshot(capacity);
    EXPECT_TRUE(by_snapshot.load(saved(machine_)).has_value());
    EXPECT_EQ(saved(by_log), saved(by_snapshot));
    const Result<void> of_log = by_log.check_limits();
    const Result<void> of_snapshot = by_snapshot.check_limits();
    EXPECT_EQ(of_log.has_value(), of_snapshot.has_value());
    if (of_log && of_snapshot) {
      by_log.go_live(now_);
      by_snapshot.go_live(now_);
      return "";
    }
    EXPECT_EQ(of_log.error().code, ErrorCode::kLimit);
    EXPECT_EQ(of_log.error().message, of_snapshot.error().message);
    return of_log.error().message;
  }
};

TEST_F(LoweredLimits, of_sales_are_said_with_what_they_have_to_be) {
  create_sales(4);
  EXPECT_EQ(said_with(with(kSmall, &Capacity::sales, 3)),
            "limits.sales is 3, but cell 0 of the data folder keeps 4 sales: set limits.sales = 4 or more "
            "(--limits-sales); nothing was changed");
  EXPECT_EQ(said_with(with(kSmall, &Capacity::sales, 4)), "");
}

TEST_F(LoweredLimits, of_sales_do_not_count_what_is_archived) {
  create_sales(3);
  archive_first();
  EXPECT_EQ(said_with(with(kSmall, &Capacity::sales, 2)), "") << "and the two that are left had the slots 1 and 2";
  EXPECT_NE(said_with(with(kSmall, &Capacity::sales, 1)), "");
}

TEST_F(LoweredLimits, of_holds_are_said_with_what_they_have_to_be) {
  create_sales(1);
  for (uint64_t who = 0; who < 5; ++who) {
    join(who);
    held_by(who);
  }
  EXPECT_EQ(said_with(with(kSmall, &Capacity::holds, 4)),
            "limits.holds is 4, but cell 0 of the data folder has places for 5 holds and orders, as many as were once "
            "kept at the same time: set limits.holds = 5 or more (--limits-holds); nothing was changed");
  EXPECT_EQ(said_with(with(kSmall, &Capacity::holds, 5)), "");
}

TEST_F(LoweredLimits, of_entries_are_said_with_what_they_have_to_be) {
  create_sales(1);
  for (uint64_t who = 0; who < 5; ++who) join(who);
  EXPECT_EQ(said_with(with(kSmall, &Capacity::entries, 4)),
            "limits.entries is 4, but cell 0 of the data folder has places for 5 entries in queues, as many as were "
            "once kept at the same time: set limits.entries = 5 or more (--limits-entries); nothing was changed");
  EXPECT_EQ(said_with(with(kSmall, &Capacity::entries, 5)), "");
}

TEST_F(LoweredLimits, of_entries_hold_for_who_takes_part_in_a_draw) {
  Settings draw = settings(QueueKind::kDraw, 2);
  draw.prequeue_opens_at = at(1);
  create(draw);
  at_second(2);
  for (uint64_t who = 0; who < 5; ++who) ASSERT_EQ(join(who).outcome, Outcome::kDone);
  at_second(10);
  EXPECT_NE(said_with(with(kSmall, &Capacity::entries, 4)), "");
  EXPECT_EQ(said_with(with(kSmall, &Capacity::entries, 5)), "");
}

TEST_F(LoweredLimits, are_all_said_at_once) {
  create_sales(2);
  join(1);
  join(2);
  held_by(1);
  held_by(2);
  const std::string said = said_with({.sales = 1, .holds = 1, .entries = 1, .operator_keys = 16});
  EXPECT_EQ(std::ranges::count(said, '\n'), 2);
  for (const char* name : {"limits.sales = 2", "limits.holds = 2", "limits.entries = 2"})
    EXPECT_NE(said.find(name), std::string::npos) << said;
}

TEST_F(LoweredLimits, that_are_just_enough_admit_nothing_more) {
  create_sales(2);
  join(1);
  held_by(1);
  Machine later({.sales = 2, .holds = 1, .entries = 1, .operator_keys = 16});
  ASSERT_TRUE(later.load(saved(machine_)).has_value());
  ASSERT_TRUE(later.check_limits().has_value());
  later.go_live(now_);
  std::vector<std::byte> payload;
  EventSink sink{payload};
  EXPECT_EQ(later.decide(Join{kFirst, customer(2), {}}, now_, sink).outcome, Outcome::kLimitReached);
  Settings third = settings(QueueKind::kNone, 1);
  third.id = "third";
  EXPECT_EQ(later.decide(CreateSale{std::make_unique<Settings>(third), false, {}}, now_, sink).outcome,
            Outcome::kLimitReached);
}

// The newest are remembered, as ever; there is nothing to refuse.
TEST_F(LoweredLimits, of_operators_keys_forget_the_oldest) {
  create_sales(1);
  for (uint64_t number = 1; number <= 5; ++number)
    act(number % 2 == 1 ? SaleAction::kPause : SaleAction::kResume, key(number));
  const Capacity two = with(kSmall, &Capacity::operator_keys, 2);
  EXPECT_EQ(said_with(two), "");
  Machine later(two);
  ASSERT_TRUE(later.load(saved(machine_)).has_value());
  EXPECT_EQ(later.state().operator_request(3), nullptr);
  EXPECT_NE(later.state().operator_request(4), nullptr);
  EXPECT_NE(later.state().operator_request(5), nullptr);
}

// An open sale that is paused and resumed, each time with an operator's key.
struct Keyed {
  explicit Keyed(uint32_t limit) : machine(of(limit)) {
    machine.go_live(kStart);
    Settings sale;
    sale.id = sale.title = "ps5";
    sale.units = 1;
    sale.opens_at = kStart;
    (void)machine.decide(CreateSale{std::make_unique<Settings>(sale), false, {}}, kStart, sink);
    EXPECT_TRUE(machine.tick(kStart, 10, sink));
  }
  static Capacity of(uint32_t limit) { return {.sales = 1, .holds = 1, .entries = 1, .operator_keys = limit}; }
  void use(uint64_t number) {
    const SaleAction action = is_paused ? SaleAction::kResume : SaleAction::kPause;
    is_paused = !is_paused;
    EXPECT_EQ(machine.decide(ActOnSale{kFirst, action, by_operator(key(number))}, kStart, sink).outcome,
              Outcome::kDone);
  }

  Machine machine;
  std::vector<std::byte> payload;
  EventSink sink{payload};
  bool is_paused = false;
};

// A snapshot has 1,024 in a piece.
TEST(LoweredLimit, of_operators_keys_forgets_the_oldest_of_many_pieces) {
  Keyed many(3'000);
  for (uint64_t number = 1; number <= 2'500; ++number) many.use(number);
  Machine later(Keyed::of(1'200));
  ASSERT_TRUE(later.load(saved(many.machine)).has_value());
  EXPECT_EQ(later.state().operator_request(1'300), nullptr);
  EXPECT_NE(later.state().operator_request(1'301), nullptr);
  EXPECT_NE(later.state().operator_request(2'500), nullptr);
}

// A key that was forgotten was used once more; with a higher limit it would be remembered still.
TEST(RaisedLimit, of_operators_keys_takes_a_log_in_which_a_key_is_used_again) {
  Keyed few(2);
  for (const uint64_t number : {1, 2, 3, 1, 4}) few.use(number);
  Machine later(Keyed::of(16));
  ASSERT_TRUE(later.apply(few.payload, kStart).has_value());
  for (const uint64_t number : {1, 2, 3, 4}) EXPECT_NE(later.state().operator_request(number), nullptr);
  EXPECT_TRUE(Machine(Keyed::of(16)).load(saved(later)).has_value()) << "no key is in it twice";
}

}  // namespace
}  // namespace doorbuster::sale
