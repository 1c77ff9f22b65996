// What a snapshot says of a draw has to go with its sale, or the snapshot is refused.
#include <algorithm>
#include <functional>

#include "sale/machine/machine_test_fixture.h"

namespace doorbuster::sale {
namespace {

// As docs/formats/sale-snapshot.md says; the roots of the subtrees follow.
std::vector<std::byte> bytes_of(SaleDraw::Saved draw, uint32_t entries) {
  std::vector<std::byte> bytes;
  Writer archive(bytes);
  archive(draw.secret, draw.is_closed, draw.is_drawn, draw.beacon, draw.value, entries);
  return bytes;
}

class DrawSnapshot : public MachineFixture {
 protected:
  void create_drawn(std::optional<Beacon> beacon) {
    CreateSale creation{std::make_unique<Settings>(settings(QueueKind::kDraw, 1)), false, by_operator()};
    creation.draw_secret.fill(std::byte{7});
    if (beacon) creation.beacon = std::make_unique<Beacon>(*beacon);
    ASSERT_EQ(decide(std::move(creation)).outcome, Outcome::kDone);
    for (uint64_t who = 1; who <= 3; ++who) join(who);
  }
  static Beacon beacon() { return {"drand", 9, at(20)}; }
  [[nodiscard]] const SaleDraw& draw() const { return *machine_.state().sale_at(0).draw; }

  // Whether the snapshot is read once its draw is another, of so many entries.
  [[nodiscard]] bool is_read_with(const SaleDraw::Saved& changed, uint32_t entries = 3) const {
    std::vector<std::byte> bytes = saved(machine_);
    const auto before = bytes_of(draw().saved(), draw().drawn());
    const auto found = std::ranges::search(bytes, before);
    EXPECT_EQ(found.size(), before.size());
    const auto behind = bytes.erase(found.begin(), found.end());
    const auto after = bytes_of(changed, entries);
    bytes.insert(behind, after.begin(), after.end());
    return State(kSmall).load(bytes).has_value();
  }
  [[nodiscard]] bool is_read_with(const std::function<void(SaleDraw::Saved&)>& change) const {
    SaleDraw::Saved changed = draw().saved();
    change(changed);
    return is_read_with(changed);
  }
};

// Their places come only with the draw, and nobody who waits counts them then.
TEST_F(DrawSnapshot, knows_who_left_before_the_draw) {
  create_drawn({});
  std::vector<EntryNumber> entries;
  for (uint64_t who = 1; who <= 8; ++who) entries.push_back(join(who).entry->number);
  for (const uint64_t who : {2, 5, 6}) leave(entries[who - 1], who);
  Machine later(kSmall);
  ASSERT_TRUE(later.load(saved(machine_)).has_value());
  later.go_live(now_);
  at_second(10);
  std::vector<std::byte> payload;
  EventSink sink{payload};
  ASSERT_TRUE(later.tick(now_, 1'000, sink));
  std::vector<uint32_t> ahead;
  for (const EntryNumber entry : entries) {
    ahead.push_back(machine_.state().people_ahead(*machine_.state().find_entry(entry)));
    EXPECT_EQ(later.state().people_ahead(*later.state().find_entry(entry)), ahead.back());
  }
  EXPECT_EQ(std::ranges::max(ahead), 3U) << "of five one is offered the unit, and four wait";
}

TEST_F(DrawSnapshot, of_a_draw_that_contradicts_its_sale_is_refused) {
  create_drawn({});
  EXPECT_TRUE(is_read_with(draw().saved()));
  EXPECT_FALSE(is_read_with([](auto& draw) { draw.is_closed = draw.is_drawn = true; })) << "drawn before it opened";
  EXPECT_FALSE(is_read_with(draw().saved(), 5)) << "not those who came";
  at_second(10);
  EXPECT_FALSE(is_read_with([](auto& draw) { draw.is_closed = draw.is_drawn = false; })) << "open without a draw";
  EXPECT_FALSE(is_read_with(draw().saved(), 5)) << "more than came";
  EXPECT_FALSE(is_read_with(draw().saved(), 65)) << "more than there is room for";
  act(SaleAction::kClose);
  EXPECT_TRUE(is_read_with(draw().saved()));
}

TEST_F(DrawSnapshot, of_a_draw_without_a_beacon_that_waits_or_has_a_value_is_refused) {
  create_drawn({});
  at_second(10);
  EXPECT_FALSE(is_read_with([](auto& draw) { draw.is_drawn = false; })) << "closed, and not drawn";
  EXPECT_FALSE(is_read_with([](auto& draw) { draw.is_closed = false; })) << "drawn, and not closed";
  EXPECT_FALSE(is_read_with([](auto& draw) { draw.value = "value"; })) << "a value of no beacon";
}

TEST_F(DrawSnapshot, of_a_draw_whose_beacon_does_not_go_with_it_is_refused) {
  create_drawn(beacon());
  EXPECT_TRUE(is_read_with(draw().saved()));
  EXPECT_FALSE(is_read_with([](auto& draw) { draw.beacon->round = 0; })) << "a beacon that there can't be";
  EXPECT_FALSE(is_read_with([](auto& draw) { draw.value = "value"; })) << "a value before the draw";
  EXPECT_FALSE(is_read_with([](auto& draw) { draw.is_closed = true; })) << "closed before it opened";
  at_second(10);
  EXPECT_TRUE(is_read_with(draw().saved()));
  EXPECT_FALSE(is_read_with([](auto& draw) { draw.is_drawn = true; })) << "drawn without the value";
  EXPECT_FALSE(is_read_with([](auto& draw) { draw.is_closed = false; })) << "open, and not closed";
  at_second(20);
  ASSERT_EQ(decide(GiveBeacon{kSale, "value", by_operator()}).outcome, Outcome::kDone);
  EXPECT_TRUE(is_read_with(draw().saved()));
  EXPECT_FALSE(is_read_with([](auto& draw) { draw.value.clear(); })) << "drawn without the value";
  EXPECT_FALSE(is_read_with([](auto& draw) { draw.value.resize(kDrawBeaconBytesMax + 1); })) << "a value too long";
  EXPECT_FALSE(is_read_with([](auto& draw) { draw.is_closed = false; })) << "drawn, and not closed";
  const auto waits_again = [](auto& draw) { draw.is_drawn = false, draw.value.clear(); };
  EXPECT_FALSE(is_read_with(waits_again)) << "offers before the draw";
}

}  // namespace
}  // namespace doorbuster::sale
