// Small worlds, completely: every order of everything that may happen, to a bounded depth, the invariants after each
// step. States are told apart by the bytes of their snapshots; a state that was met at the same depth or an earlier one
// is not entered again.
#include <cstdio>
#include <unordered_map>

#include "sale/machine/machine_test_fixture.h"

namespace doorbuster::sale {
namespace {

constexpr Capacity kTiny = {.sales = 1, .holds = 20, .entries = 28, .operator_keys = 1};

struct World {
  const char* name;
  QueueKind queue;
  uint32_t units;
  uint64_t customers;
  int depth;
  uint32_t per_customer = 1;
  uint32_t gone_in_vain = 0;  // how often customer 1 has come and gone before
  int64_t opens_in_seconds = 0;
  bool waits_for_beacon = false;
  bool delays = false;  // whoever joins may be delayed
};

class Explorer {
 public:
  explicit Explorer(const World& world) : world_(world) {}

  size_t explore() {
    Machine machine(kTiny);
    machine.go_live(kStart);
    Settings settings;
    settings.id = "s";
    settings.units = world_.units;
    settings.queue = world_.queue;
    settings.per_customer = world_.per_customer;
    settings.opens_at = kStart + Duration::seconds(world_.opens_in_seconds);
    settings.hold_seconds = 30;
    settings.claim_seconds = 10;
    settings.payment_grace_seconds = 20;
    std::vector<std::byte> payload;
    EventSink sink{payload};
    CreateSale creation{std::make_unique<Settings>(settings), false, {}};
    if (world_.waits_for_beacon) creation.beacon = std::make_unique<Beacon>(Beacon{"drand", 1, published_at()});
    EXPECT_EQ(machine.decide(std::move(creation), kStart, sink).outcome, Outcome::kDone);
    come_and_go(machine);
    visit(saved(machine), kStart, world_.depth);
    return seen_.size();
  }

 private:
  // The second half of the times with a hold: fewer of those are remembered.
  void come_and_go(Machine& machine) {
    for (uint32_t i = 0; i < world_.gone_in_vain; ++i) {
      std::vector<std::byte> payload;
      EventSink sink{payload};
      const auto decide = [&](const Command& command) { return machine.decide(command, kStart, sink); };
      const Reply joined = decide(Join{sale_, customer(1), {}});
      if (i < world_.gone_in_vain / 2) {
        EXPECT_EQ(decide(Leave{joined.entry->number, customer(1)}).outcome, Outcome::kDone);
        continue;
      }
      const Reply held = decide(Reserve{sale_, customer(1), {}});
      EXPECT_EQ(decide(Release{held.hold->number, customer(1), {}}).outcome, Outcome::kDone);
    }
  }

  void visit(const std::vector<std::byte>& state, Timestamp now, int depth) {
    const std::string key(as_text(state));
    int& known = seen_.emplace(key + std::to_string(now.micros()), -1).first->second;
    if (known >= depth || testing::Test::HasFailure()) return;
    known = depth;
    if (depth == 0) return;
    for (uint64_t who = 1; who <= world_.customers; ++who) {
      step(state, now, depth, Reserve{sale_, customer(who), {}});
      if (world_.queue != QueueKind::kNone) step(state, now, depth, Join{sale_, customer(who), {}});
      if (world_.delays)
        step(state, now, depth, Join{.sale = sale_, .customer = customer(who), .assessment = {.is_delayed = true}});
    }
    visit_what_exists(state, now, depth);
    step(state, now, depth, ActOnSale{sale_, SaleAction::kPause, {}});
    step(state, now, depth, ActOnSale{sale_, SaleAction::kResume, {}});
    change_units(state, now, depth);
    if (world_.waits_for_beacon) give_beacon(state, now, depth);
    wait(state, now, depth);
  }

  [[nodiscard]] Timestamp published_at() const {
    return kStart + Duration::seconds(world_.opens_in_seconds) + Duration::seconds(12);
  }

  // As soon as its round is public; what was due by then has happened, unless a server that was away has missed it.
  void give_beacon(const std::vector<std::byte>& state, Timestamp now, int depth) {
    const auto machine = woken(state, now);
    now = std::max(now, published_at());
    std::vector<std::byte> payload;
    EventSink sink{payload};
    while (!machine->tick(now, 1, sink)) {
    }
    step(saved(*machine), now, depth, GiveBeacon{sale_, "value", {}});
  }

  void visit_what_exists(const std::vector<std::byte>& state, Timestamp now, int depth) {
    const auto machine = woken(state, now);
    for (uint32_t slot = 0; slot < machine->state().hold_slots(); ++slot) {
      const HoldNumber hold = machine->state().number_of_hold(slot);
      const CustomerHash owner = machine->state().hold_at(slot).customer;
      step(state, now, depth, Release{hold, owner, {}});
      step(state, now, depth, StartPayment{hold, owner, {}});
      for (uint8_t attempt = 1; attempt <= machine->state().hold_at(slot).attempts; ++attempt) {
        step(state, now, depth, SettlePayment{hold, attempt, PaymentResult::kSucceeded, {}});
        step(state, now, depth, SettlePayment{hold, attempt, PaymentResult::kFailed, {}});
      }
    }
    for (uint32_t slot = 0; slot < machine->state().entry_slots(); ++slot) {
      step(state, now, depth, Leave{machine->state().number_of_entry(slot), machine->state().entry_at(slot).customer});
    }
  }

  void change_units(const std::vector<std::byte>& state, Timestamp now, int depth) {
    const uint32_t units = woken(state, now)->state().sale_at(0).settings.units;
    for (const uint32_t wanted : {units - 1, units + 1}) {
      if (wanted < 1 || wanted > world_.units + 1) continue;
      SettingsPatch patch;
      patch.units = wanted;
      step(state, now, depth, ChangeSale{sale_, std::make_unique<SettingsPatch>(patch), {}});
    }
  }

  void step(const std::vector<std::byte>& state, Timestamp now, int depth, const Command& command) {
    const auto machine = woken(state, now);
    std::vector<std::byte> payload;
    EventSink sink{payload};
    const Reply reply = machine->decide(command, now, sink);
    // Looking may find something due; then it is the finding that changed the state, not what was refused.
    EXPECT_TRUE(!refused(reply.outcome) || payload.empty()) << "a refusal changed something";
    arrive(*machine, now, depth, !payload.empty());
  }

  // To the next moment at which anything is due.
  void wait(const std::vector<std::byte>& state, Timestamp now, int depth) {
    const auto machine = woken(state, now);
    const Timestamp horizon = now + Duration::seconds(130);
    std::vector<std::byte> payload;
    EventSink sink{payload};
    while (payload.empty() && machine->next_deadline() <= horizon) {
      now = std::max(now + Duration::millis(1), machine->next_deadline());
      while (!machine->tick(now, 1, sink)) {
      }
    }
    arrive(*machine, now, depth, !payload.empty());
  }

  void arrive(const Machine& machine, Timestamp now, int depth, bool has_changed) {
    ++transitions_;
    if (!has_changed) return;
    EXPECT_EQ(broken_invariants(machine.state()), std::vector<std::string>()) << world_.name;
    visit(saved(machine), now, depth - 1);
  }

  static std::unique_ptr<Machine> woken(const std::vector<std::byte>& state, Timestamp now) {
    auto machine = std::make_unique<Machine>(kTiny);
    EXPECT_TRUE(machine->load(state).has_value());
    machine->go_live(now);
    return machine;
  }

 public:
  size_t transitions_ = 0;

 private:
  World world_;
  SaleNumber sale_{0};
  std::unordered_map<std::string, int> seen_;
};

void explore(const World& world) {
  Explorer explorer(world);
  const size_t states = explorer.explore();
  std::printf("%s: %zu states, %zu transitions, depth %d\n", world.name, states, explorer.transitions_, world.depth);
  EXPECT_GT(states, 1'000U);
}

TEST(SmallWorlds, keep_every_promise_with_one_unit_and_no_queue) {
  explore({"no queue, 1 unit, 3 customers", QueueKind::kNone, 1, 3, 6});
}

TEST(SmallWorlds, keep_every_promise_with_two_units_and_no_queue) {
  explore({"no queue, 2 units, 2 customers", QueueKind::kNone, 2, 2, 6});
}

TEST(SmallWorlds, keep_every_promise_with_two_units_a_customer) {
  explore({"no queue, 4 units, 1 customer of 2", QueueKind::kNone, 4, 1, 7, 2});
}

TEST(SmallWorlds, keep_every_promise_with_one_unit_and_a_queue) {
  explore({"queue, 1 unit, 2 customers", QueueKind::kFifo, 1, 2, 6});
}

TEST(SmallWorlds, keep_every_promise_to_one_who_has_come_and_gone_for_long) {
  explore({"queue, 1 unit, 2 customers, 15 vain entries", QueueKind::kFifo, 1, 2, 6, 1, 15});
}

TEST(SmallWorlds, keep_every_promise_with_a_site_for_one_visitor) {
  explore({"pass, 1 visitor at once, 2 of them", QueueKind::kPass, 1, 2, 6});
}

TEST(SmallWorlds, keep_every_promise_with_a_site_for_two_visitors) {
  explore({"pass, 2 visitors at once, 3 of them", QueueKind::kPass, 2, 3, 5});
}

TEST(SmallWorlds, keep_every_promise_around_a_draw_of_two) {
  explore({"draw, 1 unit, 2 customers", QueueKind::kDraw, 1, 2, 7, 1, 0, 30});
}

TEST(SmallWorlds, keep_every_promise_around_a_draw_of_three) {
  explore({"draw, 2 units, 3 customers", QueueKind::kDraw, 2, 3, 6, 1, 0, 30});
}

TEST(SmallWorlds, keep_every_promise_to_those_who_come_after_a_draw) {
  explore({"draw that is open, 1 unit, 2 customers", QueueKind::kDraw, 1, 2, 6});
}

TEST(SmallWorlds, keep_every_promise_while_a_draw_of_two_waits_for_its_beacon) {
  explore({"draw with a beacon, 1 unit, 2 customers", QueueKind::kDraw, 1, 2, 7, 1, 0, 30, true});
}

TEST(SmallWorlds, keep_every_promise_to_those_who_come_while_a_draw_waits_for_its_beacon) {
  explore({"open draw with a beacon, 2 units, 3 customers", QueueKind::kDraw, 2, 3, 6, 1, 0, 0, true});
}

TEST(SmallWorlds, keep_every_promise_to_those_who_are_delayed) {
  explore({.name = "queue, 1 unit, 2 customers who may be delayed",
           .queue = QueueKind::kFifo,
           .units = 1,
           .customers = 2,
           .depth = 5,
           .delays = true});
}

TEST(SmallWorlds, keep_every_promise_to_visitors_who_are_delayed) {
  explore({.name = "pass, 1 visitor at once, 2 who may be delayed",
           .queue = QueueKind::kPass,
           .units = 1,
           .customers = 2,
           .depth = 5,
           .delays = true});
}

TEST(SmallWorlds, keep_every_promise_to_those_who_are_delayed_around_a_draw) {
  explore({.name = "draw, 1 unit, 2 customers who may be delayed",
           .queue = QueueKind::kDraw,
           .units = 1,
           .customers = 2,
           .depth = 5,
           .opens_in_seconds = 30,
           .delays = true});
}

TEST(SmallWorlds, keep_every_promise_to_those_who_are_delayed_while_a_draw_waits_for_its_beacon) {
  explore({.name = "draw with a beacon, 1 unit, 2 customers who may be delayed",
           .queue = QueueKind::kDraw,
           .units = 1,
           .customers = 2,
           .depth = 5,
           .opens_in_seconds = 30,
           .waits_for_beacon = true,
           .delays = true});
}

TEST(SmallWorlds, keep_every_promise_with_two_units_and_a_queue) {
  explore({"queue, 2 units, 3 customers", QueueKind::kFifo, 2, 3, 5});
}

}  // namespace
}  // namespace doorbuster::sale
