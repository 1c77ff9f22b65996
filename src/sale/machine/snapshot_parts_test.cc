// A snapshot is written in parts while the machine goes on deciding, and says what was when it began.
//
// Tables of several segments, sales of every kind, and decisions of chance; DOORBUSTER_SEED=n runs one seed.
#include <algorithm>
#include <cstdlib>

#include "base/prng.h"
#include "sale/machine/machine_test_fixture.h"

namespace doorbuster::sale {
namespace {

constexpr Capacity kRoomy = {.sales = 40, .holds = 8'000, .entries = 8'000, .operator_keys = 1'500};
constexpr uint64_t kCustomers = 3'000;

class Shop {
 public:
  explicit Shop(uint64_t seed) : random_(seed) {
    machine_.go_live(now_);
    for (const QueueKind queue : {QueueKind::kNone, QueueKind::kFifo, QueueKind::kDraw, QueueKind::kPass}) {
      open_another(queue, queue == QueueKind::kNone ? 5'000 : 200, now_);
    }
    open_another(QueueKind::kDraw, 100, now_ + Duration::seconds(10'000));  // whom may yet come and go
  }

  void live(int decisions) {
    for (int i = 0; i < decisions; ++i) {
      decide(anything());
      if (random_.chance(10)) pass_time();
    }
  }

  Machine& machine() { return machine_; }
  [[nodiscard]] std::vector<std::byte> now_saved() const { return saved(machine_); }
  [[nodiscard]] std::vector<std::byte> now_replayed() const { return replayed(log_, kRoomy); }
  uint64_t below(uint64_t bound) { return random_.below(bound); }

 private:
  void open_another(QueueKind queue, uint32_t units, Timestamp opens_at) {
    Settings settings;
    settings.id = "sale-" + std::to_string(machine_.state().sale_count());
    settings.units = units;
    settings.per_customer = queue == QueueKind::kNone ? 3 : 1;
    settings.queue = queue;
    settings.opens_at = opens_at;
    decide(CreateSale{std::make_unique<Settings>(std::move(settings)), false, by_operator(another_key())});
  }

  Command anything() {
    const State& state = machine_.state();
    const SaleNumber sale(static_cast<uint32_t>(below(state.sale_count())));
    switch (below(12)) {
      case 0:
      case 1:
        return Reserve{SaleNumber(0), customer(below(kCustomers)), {}};
      case 2:
      case 3:
        return Join{sale, customer(below(kCustomers)), {}};
      case 4:
        return Reserve{sale, customer(below(kCustomers)), {}};
      case 5:
        return of_entry(state);
      case 6:
        return of_operator(sale);
      default:
        return of_hold(state);
    }
  }
  Command of_entry(const State& state) {
    if (state.entry_slots() == 0) return Join{SaleNumber(1), customer(1), {}};
    const auto slot = static_cast<uint32_t>(below(state.entry_slots()));
    const EntryNumber number = state.number_of_entry(slot);
    if (below(20) == 0) return RemoveEntry{number, by_operator(another_key())};
    return Leave{number, state.entry_at(slot).customer};
  }
  Command of_hold(const State& state) {
    if (state.hold_slots() == 0) return Reserve{SaleNumber(0), customer(1), {}};
    const auto slot = static_cast<uint32_t>(below(state.hold_slots()));
    const HoldNumber number = state.number_of_hold(slot);
    const Hold& hold = state.hold_at(slot);
    switch (below(5)) {
      case 0:
        return Release{number, hold.customer, {}};
      case 1:
      case 2:
        return StartPayment{number, hold.customer, another_key()};
      case 3:
        return SettlePayment{number, static_cast<uint8_t>(hold.attempts), PaymentResult::kFailed, "f"};
      default:
        return SettlePayment{number, static_cast<uint8_t>(hold.attempts), PaymentResult::kSucceeded, "s"};
    }
  }
  Command of_operator(SaleNumber sale) {
    const auto cause = by_operator(another_key());
    if (below(200) == 0) {
      Settings settings;
      settings.id = "sale-" + std::to_string(machine_.state().sale_count());
      settings.units = 10;
      settings.opens_at = now_ + Duration::seconds(1'000);
      return CreateSale{std::make_unique<Settings>(std::move(settings)), false, cause};
    }
    if (below(3) == 0) {
      return ChangeSale{sale, std::make_unique<SettingsPatch>(), cause, std::string(below(60), 'm')};
    }
    return ActOnSale{sale, below(2) == 0 ? SaleAction::kPause : SaleAction::kResume, cause};
  }
  Idempotency another_key() { return key(++keys_); }

  void pass_time() {
    now_ = now_ + Duration::millis(static_cast<int64_t>(below(300)));
    std::vector<std::byte> payload;
    EventSink sink{payload};
    while (!machine_.tick(now_, 1'000, sink)) {
    }
    keep(std::move(payload));
  }
  void decide(const Command& command) {
    std::vector<std::byte> payload;
    EventSink sink{payload};
    (void)machine_.decide(command, now_, sink);
    keep(std::move(payload));
  }
  void keep(std::vector<std::byte> payload) {
    if (!payload.empty()) log_.push_back({std::move(payload), now_});
  }

  Prng random_;
  Timestamp now_ = kStart;
  Machine machine_{kRoomy};
  std::vector<RecordedBatch> log_;
  uint64_t keys_ = 0;
};

void load_all(Machine& machine, const std::vector<std::vector<std::byte>>& parts) {
  for (const auto& part : parts) ASSERT_TRUE(machine.load_part(part).has_value());
  ASSERT_TRUE(machine.finish_load().has_value());
}

// All parts, with decisions in between.
std::vector<std::vector<std::byte>> saved_while_alive(Shop& shop) {
  std::vector<std::vector<std::byte>> parts;
  shop.machine().begin_snapshot();
  while (true) {
    shop.live(static_cast<int>(shop.below(40)));
    std::vector<std::byte> part;
    if (!shop.machine().save_part(part, 1 + shop.below(1'000))) return parts;
    parts.push_back(std::move(part));
  }
}

void live_through_snapshots(uint64_t seed) {
  SCOPED_TRACE("DOORBUSTER_SEED=" + std::to_string(seed));
  Shop shop(seed);
  for (int round = 0; round < 4; ++round) {
    shop.live(6'000);
    const auto before = shop.now_saved();
    ASSERT_EQ(shop.now_replayed(), before);
    const auto parts = saved_while_alive(shop);
    Machine loaded(kRoomy);
    load_all(loaded, parts);
    ASSERT_TRUE(saved(loaded) == before) << "round " << round;
    EXPECT_EQ(broken_invariants(loaded.state()), std::vector<std::string>());
  }
  EXPECT_GT(shop.machine().state().hold_slots(), kSegmentRecords);
  EXPECT_GT(shop.machine().state().entry_slots(), kSegmentRecords);
}

TEST(SnapshotParts, say_what_was_when_the_snapshot_began_whatever_happens_meanwhile) {
  const char* chosen = std::getenv("DOORBUSTER_SEED");
  if (chosen != nullptr) return live_through_snapshots(std::strtoull(chosen, nullptr, 10));
  for (uint64_t seed = 1; seed <= 3; ++seed) live_through_snapshots(seed);
}

TEST(SnapshotParts, together_are_the_snapshot_that_is_taken_at_once) {
  Shop shop(7);
  shop.live(1'000);
  const auto whole = shop.now_saved();
  std::vector<std::byte> parts;
  shop.machine().begin_snapshot();
  while (shop.machine().save_part(parts, 1)) {
  }
  EXPECT_TRUE(parts == whole);
  EXPECT_FALSE(shop.machine().save_part(parts)) << "it is over";
}

TEST(SnapshotParts, that_are_given_up_leave_no_trace) {
  Shop shop(8);
  shop.live(3'000);
  std::vector<std::byte> part;
  shop.machine().begin_snapshot();
  ASSERT_TRUE(shop.machine().save_part(part, 1));
  shop.live(100);
  shop.machine().drop_snapshot();
  EXPECT_FALSE(shop.machine().save_part(part));
  shop.live(100);
  const auto before = shop.now_saved();
  Machine loaded(kRoomy);
  load_all(loaded, saved_while_alive(shop));
  EXPECT_TRUE(saved(loaded) == before);
}

std::vector<std::vector<std::byte>> smallest_parts(Machine& machine) {
  std::vector<std::vector<std::byte>> parts;
  machine.begin_snapshot();
  for (std::vector<std::byte> part; machine.save_part(part, 1); part.clear()) parts.push_back(part);
  return parts;
}

bool are_loaded(const std::vector<std::vector<std::byte>>& parts, Capacity capacity) {
  Machine machine(capacity);
  for (const auto& part : parts) {
    if (!machine.load_part(part)) return false;
  }
  return machine.finish_load().has_value();
}

// The parts themselves are, and are not when one of them is missing, twice there or cut short.
void expect_only_whole(const std::vector<std::vector<std::byte>>& parts, Capacity capacity) {
  EXPECT_TRUE(are_loaded(parts, capacity));
  for (size_t i = 0; i < parts.size(); ++i) {
    SCOPED_TRACE("part " + std::to_string(i));
    const auto here = static_cast<std::ptrdiff_t>(i);
    auto without = parts;
    without.erase(without.begin() + here);
    EXPECT_FALSE(are_loaded(without, capacity));
    auto twice = parts;
    twice.insert(twice.begin() + here, parts[i]);
    EXPECT_FALSE(are_loaded(twice, capacity));
    auto cut = parts;
    cut[i].pop_back();
    EXPECT_FALSE(are_loaded(cut, capacity));
    EXPECT_FALSE(are_loaded({parts.begin(), parts.begin() + here}, capacity));
  }
}

TEST(SnapshotParts, are_refused_when_some_are_missing_twice_there_or_out_of_order) {
  Shop shop(9);
  shop.live(4'000);
  auto parts = smallest_parts(shop.machine());
  expect_only_whole(parts, kRoomy);
  std::swap(parts[1], parts.back());
  EXPECT_FALSE(are_loaded(parts, kRoomy));
}

// Of sales that are archived, tables are left in which every slot is free.
TEST_F(MachineFixture, parts_of_free_slots_are_refused_when_some_are_missing_cut_short_or_out_of_order) {
  open(settings(QueueKind::kFifo, 2));
  for (const uint64_t who : {1, 2, 3}) join(who);
  reserve(1);
  act(SaleAction::kClose);
  at_second(31 * kDay);
  auto parts = smallest_parts(machine_);
  ASSERT_EQ(parts.size(), 4U) << "a head, a sale, holds and entries";
  expect_only_whole(parts, kSmall);
  std::sort(parts.begin(), parts.end());
  do {
    EXPECT_EQ(are_loaded(parts, kSmall), parts == smallest_parts(machine_));
  } while (std::next_permutation(parts.begin(), parts.end()));
}

// Where nothing else of the state tells that something is missing.
class LastPart : public MachineFixture {
 protected:
  void expect_missed() {
    auto parts = smallest_parts(machine_);
    Machine whole(kSmall);
    load_all(whole, parts);
    Machine cut(kSmall);
    parts.pop_back();
    for (const auto& part : parts) EXPECT_TRUE(cut.load_part(part).has_value());
    EXPECT_FALSE(cut.finish_load().has_value());
  }
};

TEST_F(LastPart, is_missed_if_it_is_a_sale) {
  create(settings(QueueKind::kNone, 1));
  expect_missed();
}

TEST_F(LastPart, is_missed_if_it_has_holds_that_are_over) {
  open(settings(QueueKind::kNone, 1));
  release(held_by(1), 1);
  expect_missed();
}

TEST_F(LastPart, is_missed_if_it_has_visits_that_are_over) {
  open(settings(QueueKind::kPass, 1));
  leave(join(1).entry->number, 1);
  expect_missed();
}

TEST_F(LastPart, is_missed_if_it_has_operators_keys) {
  create(settings(QueueKind::kNone, 1), false, key(1));
  expect_missed();
}

}  // namespace
}  // namespace doorbuster::sale
