// Events stay readable for ever, also those of version 1, which had no length, and so does a snapshot while its version
// is the one in use: testdata holds them, docs/formats/ explains them. DOORBUSTER_WRITE_GOLDEN=1 writes them anew, for
// a format that has never left the house.
#include <array>
#include <cstdlib>
#include <fstream>
#include <set>

#include "sale/machine/golden_test_files.h"
#include "sale/machine/machine_test_fixture.h"

namespace doorbuster::sale {
namespace {

// One of each event: a sale is made, changed, sold from in every way, closed and archived.
class Golden : public MachineFixture {
 protected:
  void live_through_everything() {
    create_and_queue();
    pay_in_every_way();
    change({.units = 1}, key(4));  // withdraws what is left: all held and all sold
    act(SaleAction::kClose, key(3));
    at_second(40 * kDay);
  }

  void create_and_queue() {
    Settings all = settings(QueueKind::kFifo, 3);
    all.item = {"SKU-1", "Console", "https://shop.example/1.png", "With a drive"};
    all.price = Money{49'900, Currency("USD")};
    all.prequeue_opens_at = at(5);
    all.closes_at = at(100'000);
    create(all, false, key(1));
    change({.outflow_per_minute = std::optional<uint32_t>(600)}, key(2));
    at_second(5);
    for (uint64_t who = 1; who <= 5; ++who) join(who, key(100 + who));
    at_second(11);
    leave(look_up(4), 4);
    remove(look_up(5));
    act(SaleAction::kPause);
    at_second(75);
    act(SaleAction::kResume);
  }

  // Three take part, one of them with a nonce, one leaves before; a fourth comes late.
  void draw_another() {
    Settings drawn = settings(QueueKind::kDraw, 1);
    drawn.id = "draw";
    drawn.prequeue_opens_at = now_;
    drawn.opens_at = now_ + Duration::seconds(3);
    Digest secret;
    secret.fill(std::byte{7});
    const SaleNumber number =
        decide(CreateSale{std::make_unique<Settings>(std::move(drawn)), false, by_operator(), secret}).sale;
    decide(Join{number, customer(1), key(300), "a nonce of mine"});
    const Reply second = decide(Join{number, customer(2), {}});
    decide(Join{number, customer(3), {}});
    leave(second.entry->number, 2);
    at_second(static_cast<double>((now_ - kStart).micros()) / 1e6 + 3);
    decide(Join{number, customer(4), {}});
  }

  // Two take part, a third comes while the beacon is waited for.
  SaleNumber draw_with_a_beacon() {
    Settings drawn = settings(QueueKind::kDraw, 1);
    drawn.id = "beacon";
    drawn.opens_at = now_ + Duration::seconds(3);
    auto beacon = std::make_unique<Beacon>(Beacon{"drand-quicknet", 14'212'345, drawn.opens_at + Duration::seconds(5)});
    Digest secret;
    secret.fill(std::byte{8});
    CreateSale creation{std::make_unique<Settings>(std::move(drawn)), false, by_operator(), secret, std::move(beacon)};
    const SaleNumber number = decide(std::move(creation)).sale;
    decide(Join{number, customer(1), {}});
    decide(Join{number, customer(2), {}});
    at_second(static_cast<double>((now_ - kStart).micros()) / 1e6 + 3);
    decide(Join{number, customer(3), {}});
    return number;
  }
  void give_beacon(SaleNumber number) {
    at_second(static_cast<double>((now_ - kStart).micros()) / 1e6 + 5);
    decide(GiveBeacon{number, "a value", by_operator(key(9))});
  }

  void pay_in_every_way() {
    const HoldNumber first = reserve(1, key(200)).hold->number;
    pay(first, 1, key(201));
    fail_payment(first, 1);
    pay(first, 1, key(202));
    succeed(first, 2);
    const HoldNumber second = reserve(2).hold->number;
    pay(second, 2);
    at_second(600);
    succeed(second, 1);
    refund(second, 1);
    join(6);
    const HoldNumber third = reserve(6).hold->number;
    release(third, 6);
    at_second(90'000);
  }

  void archive_another() {
    Settings short_lived = settings(QueueKind::kNone, 1);
    short_lived.id = "archived";
    short_lived.opens_at = now_;
    const SaleNumber number =
        decide(CreateSale{std::make_unique<Settings>(std::move(short_lived)), false, by_operator(key(11))}).sale;
    decide(ActOnSale{number, SaleAction::kClose, by_operator()});
    at_second(static_cast<double>((now_ - kStart).micros()) / 1e6 + 31 * kDay);
    EXPECT_NE(machine_.state().archived_id(number), nullptr);
  }

  EntryNumber look_up(uint64_t who) {
    return machine_.state().number_of_entry(machine_.state().entry_of(kSale, customer(who)));
  }

  void announce() {
    create(settings(QueueKind::kFifo, 1));
    decide(ChangeSale{kSale, std::make_unique<SettingsPatch>(), by_operator(key(1)), "Zwei Paletten\nkommen später."});
  }

  // Too little, too often, and when nobody knows of the hold any more.
  void take_unexpected_money() {
    Settings priced = settings(QueueKind::kNone, 2);
    priced.price = Money{49'900, Currency("USD")};
    open(priced);
    const HoldNumber first = held_by(1);
    pay(first, 1);
    succeed(first, 1, "too little", Money{1, Currency("USD")});
    refund(first, 1, "too little");
    pay(first, 1);
    succeed(first, 2);
    succeed(first, 2, "twice");
    const HoldNumber second = held_by(2);
    pay(second, 2);
    fail_payment(second, 1);
    at_second(3 * kDay);
    succeed(second, 1, "late");
  }

  // One says something of themselves when they come, one when they reserve.
  void be_told_who_they_are() {
    open(settings(QueueKind::kFifo, 2));
    const Annotations first{"R-4711", R"({"desk":"3","Größe":"L"})", "alice"};
    decide(Join{kSale, customer(1), {}, {}, first});
    decide(Join{kSale, customer(2), {}});
    pay(reserve(1).hold->number, 1);
    succeed({0, 0}, 1);
    release(decide(Reserve{kSale, customer(2), {}, Annotations{"R-4712", {}, {}}}).hold->number, 2);
  }

  // An entry, and a hold that has something of its own.
  SaleNumber annotate() {
    Settings named = settings(QueueKind::kFifo, 1);
    named.id = "annotated";
    named.opens_at = now_;
    const SaleNumber number =
        decide(CreateSale{std::make_unique<Settings>(std::move(named)), false, by_operator()}).sale;
    at_second(static_cast<double>((now_ - kStart).micros()) / 1e6 + 1);
    const auto as_guest = CustomerKind::kGuest;
    decide(Join{number, customer(7), {}, {}, Annotations{"R-4711", R"({"desk":"3"})", "alice"}, as_guest});
    EXPECT_EQ(decide(Reserve{number, customer(7), {}, Annotations{"R-4712", {}, {}}, as_guest}).outcome,
              Outcome::kDone);
    return number;
  }

  // One waits for a place behind one who has gone, and one has never had one.
  void be_delayed(SaleNumber number) {
    std::vector<EntryNumber> entries;
    for (uint64_t who = 1; who <= 4; ++who) {
      entries.push_back(
          decide(Join{.sale = number, .customer = customer(who), .assessment = {.is_delayed = true}}).entry->number);
    }
    leave(entries[0], 1);
    leave(entries[2], 3);
  }

  void visit() {
    open(settings(QueueKind::kPass, 1));
    join(1);
    reserve(1);
    at_second(800);
  }

  [[nodiscard]] std::vector<std::byte> events() const {
    std::vector<std::byte> events;
    for (const RecordedBatch& batch : log_) events.insert(events.end(), batch.payload.begin(), batch.payload.end());
    return events;
  }
  static void write_if_asked(const std::string& name, const std::vector<std::byte>& bytes) {
    if (std::getenv("DOORBUSTER_WRITE_GOLDEN") != nullptr) write(name, bytes);
  }
  static void write(const std::string& name, const std::vector<std::byte>& bytes) {
    std::ofstream(golden_path(name), std::ios::binary) << as_text(bytes);
  }
};

constexpr std::array kEventFiles = {"events", "draw-events", "announce-events", "visit-events", "beacon-events"};
constexpr std::array kNewerEventFiles = {"archive-events", "money-events"};  // with kinds that version 1 had not
// Whose events have tails.
constexpr std::array kTailedEventFiles = {"archive-events", "money-events", "annotated-events"};

std::vector<std::byte> rewritten(const std::vector<std::byte>& events) {
  std::vector<std::byte> again;
  EXPECT_TRUE(for_each_event(events, [&](auto& event) { encode(event, again); }).has_value());
  return again;
}

TEST(Events, of_before_they_had_a_length_are_read) {
  for (const std::string name : kEventFiles) {
    EXPECT_EQ(rewritten(golden_contents(name + ".v1.bin")), golden_contents(name + ".v2.bin")) << name;
  }
}

TEST(Events, of_version_2_are_read_and_written_the_same) {
  std::set<EventKind> kinds;
  std::vector<std::string> names(kEventFiles.begin(), kEventFiles.end());
  names.insert(names.end(), kNewerEventFiles.begin(), kNewerEventFiles.end());
  for (const std::string& name : names) {
    const std::vector<std::byte> golden = golden_contents(name + ".v2.bin");
    EXPECT_EQ(rewritten(golden), golden) << name;
    EXPECT_TRUE(for_each_event(golden, [&](const auto& event) { kinds.insert(event.kKind); }).has_value());
  }
  const auto delayed = golden_contents("assessed-events.v5.bin");
  EXPECT_TRUE(for_each_event(delayed, [&](const auto& event) { kinds.insert(event.kKind); }).has_value());
  EXPECT_EQ(kinds.size(), kEventKinds.size()) << "one of each";
}

TEST(Events, of_version_3_are_read_and_written_the_same) {
  for (const std::string name : kTailedEventFiles) {
    EXPECT_EQ(rewritten(golden_contents(name + ".v3.bin")), golden_contents(name + ".v3.bin")) << name;
  }
}

TEST_F(Golden, the_events_of_a_whole_life_are_still_the_same) {
  live_through_everything();
  write_if_asked("archive-events.v3.bin", events());
  EXPECT_EQ(events(), golden_contents("archive-events.v3.bin"));
}

TEST_F(Golden, the_events_of_who_says_who_they_are_are_still_the_same) {
  be_told_who_they_are();
  write_if_asked("annotated-events.v3.bin", events());
  EXPECT_EQ(events(), golden_contents("annotated-events.v3.bin"));
}

// The same life as it was written before a sale was archived in slices: all is forgotten with the last event.
TEST_F(Golden, a_sale_that_was_archived_at_once_is_read_and_forgotten_at_once) {
  const std::vector<std::byte> now = golden_contents("archive-events.v2.bin");
  std::vector<std::byte> before;
  const auto leave_out = [&](auto& event) {
    if constexpr (!std::is_same_v<std::remove_cvref_t<decltype(event)>, RecordsForgotten>) encode(event, before);
  };
  ASSERT_TRUE(for_each_event(now, leave_out).has_value());
  EXPECT_EQ(before, golden_contents("events.v2.bin"));
  live_through_everything();
  const auto in_slices = saved(machine_);
  Machine at_once(kSmall);
  for (const RecordedBatch& batch : log_) {
    before.clear();
    ASSERT_TRUE(for_each_event(batch.payload, leave_out).has_value());
    ASSERT_TRUE(at_once.apply(before, batch.time).has_value());
  }
  EXPECT_EQ(saved(at_once), in_slices);
}

TEST_F(Golden, the_events_of_a_draw_are_still_the_same) {
  draw_another();
  write_if_asked("draw-events.v2.bin", events());
  EXPECT_EQ(events(), golden_contents("draw-events.v2.bin"));
}

TEST_F(Golden, the_events_of_a_draw_with_a_beacon_are_still_the_same) {
  give_beacon(draw_with_a_beacon());
  write_if_asked("beacon-events.v2.bin", events());
  EXPECT_EQ(events(), golden_contents("beacon-events.v2.bin"));
}

TEST_F(Golden, the_events_of_money_that_buys_nothing_are_still_the_same) {
  take_unexpected_money();
  write_if_asked("money-events.v3.bin", events());
  EXPECT_EQ(events(), golden_contents("money-events.v3.bin"));
}

TEST_F(Golden, the_events_of_a_visit_are_still_the_same) {
  visit();
  write_if_asked("visit-events.v2.bin", events());
  EXPECT_EQ(events(), golden_contents("visit-events.v2.bin"));
}

TEST_F(Golden, the_events_of_a_message_are_still_the_same) {
  announce();
  write_if_asked("announce-events.v2.bin", events());
  EXPECT_EQ(events(), golden_contents("announce-events.v2.bin"));
}

TEST_F(Golden, a_snapshot_of_version_14_is_read_and_written_the_same) {
  create_and_queue();
  pay_in_every_way();
  archive_another();
  draw_another();
  give_beacon(draw_with_a_beacon());
  succeed(HoldNumber{0, 0}, 2, "twice");
  decide(ChangeSale{kSale, std::make_unique<SettingsPatch>(), by_operator(), "Thank you all."});
  be_delayed(annotate());
  write_if_asked("snapshot.v14.bin", saved(machine_));
  const std::vector<std::byte> golden = golden_contents("snapshot.v14.bin");
  EXPECT_EQ(loaded_and_saved(golden, kSmall), golden);
  Machine machine(kSmall);
  ASSERT_TRUE(machine.load(golden).has_value());
  EXPECT_EQ(broken_invariants(machine.state()), std::vector<std::string>());
  EXPECT_EQ(machine.state().status_of(kSale).sold, 1U);
  EXPECT_EQ(machine.state().sale_at(0).settings.item.description, "With a drive");
  EXPECT_EQ(*machine.state().archived_id(SaleNumber(1)), "archived");
}

TEST(Snapshot, of_another_version_is_refused) {
  Machine machine(kSmall);
  const auto loaded = machine.load(golden_contents("snapshot.v13.bin"));
  ASSERT_FALSE(loaded.has_value());
  EXPECT_NE(loaded.error().message.find("not one of version 14"), std::string::npos);
}

TEST(Snapshot, is_refused_when_cut_or_when_any_byte_of_its_frame_is_another) {
  const std::vector<std::byte> golden = golden_contents("snapshot.v14.bin");
  for (size_t length = 0; length < golden.size(); length += length < 32 ? 1 : 7) {
    Machine machine(kSmall);
    EXPECT_FALSE(machine.load(Bytes(golden).first(length)).has_value());
  }
  for (size_t at = 0; at < 12; ++at) {
    std::vector<std::byte> damaged = golden;
    damaged[at] ^= std::byte{0x40};
    Machine machine(kSmall);
    EXPECT_FALSE(machine.load(damaged).has_value());
  }
}

// A damaged snapshot is refused, or the damage lies where any value is possible (a customer, a time, a text).
TEST(Snapshot, is_never_loaded_into_a_state_that_breaks_a_promise) {
  const std::vector<std::byte> golden = golden_contents("snapshot.v14.bin");
  size_t refusals = 0;
  for (size_t at = 0; at < golden.size() * 8; ++at) {
    std::vector<std::byte> damaged = golden;
    damaged[at / 8] ^= static_cast<std::byte>(1U << (at % 8));
    Machine machine(kSmall);
    if (!machine.load(damaged).has_value()) {
      ++refusals;
      continue;
    }
    EXPECT_EQ(saved(machine), damaged);
    machine.go_live(kStart);
    (void)broken_invariants(machine.state());
  }
  EXPECT_GT(refusals, golden.size());
}

}  // namespace
}  // namespace doorbuster::sale
