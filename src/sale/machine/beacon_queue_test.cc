// A draw that waits for a public beacon: who takes part is fixed before anybody can know its value.
#include <algorithm>

#include "sale/machine/machine_test_fixture.h"

namespace doorbuster::sale {
namespace {

constexpr const char* kValue = "what the world learned at 20";

class BeaconQueue : public MachineFixture {
 protected:
  static Digest secret() {
    Digest bytes;
    bytes.fill(std::byte{7});
    return bytes;
  }
  static Beacon beacon() { return {"drand-quicknet", 14'212'345, at(20)}; }
  Reply create_with(Settings settings, const Beacon& beacon, bool draft = false) {
    return decide(CreateSale{std::make_unique<Settings>(std::move(settings)), draft, by_operator(), secret(),
                             std::make_unique<Beacon>(beacon)});
  }
  // Takes entries at once, opens at 10; the beacon's round is public at 20.
  void create_waiting(uint32_t units, bool draft = false) {
    ASSERT_EQ(create_with(settings(QueueKind::kDraw, units), beacon(), draft).outcome, Outcome::kDone);
  }
  std::vector<EntryNumber> joined(uint64_t from, uint64_t to) {
    std::vector<EntryNumber> entries;
    for (uint64_t who = from; who <= to; ++who) entries.push_back(join(who).entry->number);
    return entries;
  }
  EntryView view(EntryNumber entry) { return *look(entry).entry; }
  Reply give(const std::string& value, Idempotency idempotency = {}) {
    return decide(GiveBeacon{kSale, value, by_operator(idempotency)});
  }
  // What docs/formats/draw.md says, with the numbers as names.
  static std::vector<uint32_t> places_by_the_book(const std::vector<EntryNumber>& entries, std::string_view value) {
    MerkleFrontier tree;
    for (const EntryNumber entry : entries) {
      const auto id = plain_entry_name(kSale, entry);
      tree.add(draw_leaf(tree.size(), {id.data(), id.size()}, {}));
    }
    const Digest key = draw_key(secret(), tree.root(), tree.size(), as_bytes(value));
    const DrawPermutation permutation(key, tree.size());
    std::vector<uint32_t> places;
    for (uint64_t i = 0; i < tree.size(); ++i) places.push_back(static_cast<uint32_t>(permutation.position_of(i)) + 1);
    return places;
  }
};

TEST_F(BeaconQueue, fixes_who_takes_part_at_the_opening_and_draws_with_the_value) {
  create_waiting(1);
  const std::vector<EntryNumber> entries = joined(1, 20);
  EXPECT_FALSE(status().is_draw_closed);
  EXPECT_EQ(status().draw_root, Digest{});
  at_second(10);
  EXPECT_EQ(status().state, SaleState::kOpen);
  EXPECT_TRUE(status().is_draw_closed);
  EXPECT_FALSE(status().is_drawn);
  EXPECT_NE(status().draw_root, Digest{});
  EXPECT_EQ(status().draw_secret, Digest{});
  EXPECT_EQ(view(entries[0]).position, 0U);
  at_second(20);
  EXPECT_EQ(status().offered, 0U) << "time alone draws nothing";
  EXPECT_EQ(give(kValue).outcome, Outcome::kDone);
  EXPECT_TRUE(status().is_drawn);
  EXPECT_EQ(status().draw_secret, secret());
  EXPECT_EQ(as_text(status().beacon.bytes()), kValue);
  const std::vector<uint32_t> places = places_by_the_book(entries, kValue);
  EXPECT_NE(places, places_by_the_book(entries, ""));
  for (uint32_t i = 0; i < entries.size(); ++i) {
    EXPECT_EQ(view(entries[i]).position, places[i]);
    EXPECT_EQ(view(entries[i]).state, places[i] == 1 ? EntryState::kOffered : EntryState::kWaiting);
  }
}

TEST_F(BeaconQueue, lets_nobody_in_before_the_value_and_late_ones_stand_behind) {
  create_waiting(2);
  std::vector<EntryNumber> entries = joined(1, 1);
  at_second(10);
  const Reply late = join(2);
  EXPECT_EQ(late.entry->position, 0U);
  EXPECT_EQ(late.entry->state, EntryState::kWaiting);
  EXPECT_EQ(reserve(1).outcome, Outcome::kNotYourTurn);
  EXPECT_EQ(reserve(2).outcome, Outcome::kNotYourTurn);
  EXPECT_EQ(reserve(3).outcome, Outcome::kNotYourTurn);
  EXPECT_EQ(status().drawn, 1U);
  at_second(20);
  give(kValue);
  EXPECT_EQ(view(entries[0]).position, 1U);
  EXPECT_EQ(view(late.entry->number).position, 2U);
  EXPECT_EQ(status().offered, 2U);
}

TEST_F(BeaconQueue, passes_over_those_who_left_or_were_removed_while_it_waited) {
  create_waiting(1);
  const std::vector<EntryNumber> entries = joined(1, 8);
  const std::vector<uint32_t> places = places_by_the_book(entries, kValue);
  const auto at_place = [&](uint32_t place) {
    return static_cast<size_t>(std::ranges::find(places, place) - places.begin());
  };
  leave(entries[at_place(8)], at_place(8) + 1);
  at_second(10);
  const std::vector<EntryNumber> late = joined(9, 11);
  leave(entries[at_place(1)], at_place(1) + 1);
  remove(entries[at_place(3)]);
  leave(late[0], 9);
  EXPECT_EQ(status().waiting, 7U);
  at_second(20);
  give(kValue);
  EXPECT_EQ(view(entries[at_place(2)]).state, EntryState::kOffered);
  EXPECT_EQ(view(entries[at_place(4)]).people_ahead, 0U);
  EXPECT_EQ(view(late[1]).position, 10U);
  EXPECT_EQ(view(late[1]).people_ahead, 4U);
  EXPECT_EQ(view(late[2]).people_ahead, 5U);
}

TEST_F(BeaconQueue, of_nobody_takes_the_first_who_came_late) {
  create_waiting(1);
  at_second(10);
  const std::vector<EntryNumber> late = joined(1, 2);
  at_second(20);
  give(kValue);
  EXPECT_EQ(view(late[0]).state, EntryState::kOffered);
  EXPECT_EQ(view(late[1]).people_ahead, 0U);
  EXPECT_EQ(status().draw_root, sha256(Bytes()));
}

TEST_F(BeaconQueue, of_nobody_and_nobody_late_takes_the_first_who_comes) {
  create_waiting(1);
  at_second(10);
  at_second(20);
  give(kValue);
  EXPECT_EQ(join(1).entry->state, EntryState::kOffered);
}

TEST_F(BeaconQueue, takes_one_value_and_not_before_its_round_is_public) {
  create_waiting(1);
  joined(1, 2);
  EXPECT_EQ(give(kValue).outcome, Outcome::kBeaconNotDue);
  at_second(19.999);
  EXPECT_EQ(give(kValue).outcome, Outcome::kBeaconNotDue);
  at_second(20);
  EXPECT_EQ(give(kValue, key(1)).outcome, Outcome::kDone);
  EXPECT_EQ(give(kValue, key(1)).outcome, Outcome::kAlready);
  EXPECT_EQ(give("another", key(1)).outcome, Outcome::kAlready) << "the fingerprint is of the request";
  EXPECT_EQ(give(kValue).outcome, Outcome::kAlready);
  EXPECT_EQ(give("another").outcome, Outcome::kBeaconGiven);
  EXPECT_EQ(give(kValue, with_other_body(key(1))).outcome, Outcome::kKeyReused);
}

TEST_F(BeaconQueue, takes_no_value_where_none_is_waited_for) {
  EXPECT_EQ(give(kValue).outcome, Outcome::kNotFound);
  open(settings(QueueKind::kDraw, 1));
  EXPECT_EQ(give(kValue).outcome, Outcome::kNoBeacon);
  Settings fifo = settings(QueueKind::kFifo, 1);
  fifo.id = "fifo";
  create(fifo);
  EXPECT_EQ(decide(GiveBeacon{SaleNumber(1), kValue, by_operator()}).outcome, Outcome::kNoBeacon);
}

TEST_F(BeaconQueue, takes_the_value_while_it_is_paused_and_offers_once_it_goes_on) {
  create_waiting(1);
  joined(1, 2);
  at_second(10);
  act(SaleAction::kPause);
  at_second(20);
  EXPECT_EQ(give(kValue).outcome, Outcome::kDone);
  EXPECT_EQ(status().offered, 0U);
  act(SaleAction::kResume);
  EXPECT_EQ(status().offered, 1U);
}

TEST_F(BeaconQueue, offers_nothing_where_it_goes_on_before_the_value) {
  create_waiting(1);
  joined(1, 2);
  at_second(10);
  act(SaleAction::kPause);
  act(SaleAction::kResume);
  SettingsPatch more;
  more.units = 2;
  change(more);
  EXPECT_EQ(status().offered, 0U);
}

TEST_F(BeaconQueue, can_be_closed_while_it_waits_and_draws_nothing_then) {
  create_waiting(1);
  const std::vector<EntryNumber> entries = joined(1, 2);
  at_second(10);
  act(SaleAction::kClose);
  at_second(20);
  EXPECT_EQ(give(kValue).outcome, Outcome::kWrongState);
  EXPECT_FALSE(status().is_drawn);
  EXPECT_EQ(status().draw_secret, Digest{});
  EXPECT_EQ(view(entries[0]).state, EntryState::kMissed);
  at_second(31 * kDay);
  EXPECT_TRUE(is_archived());
}

// Whoever knows the secret and the value could choose the last entries.
TEST_F(BeaconQueue, is_closed_instead_of_opened_once_the_value_may_be_known) {
  create_waiting(1);
  const std::vector<EntryNumber> entries = joined(1, 2);
  at_second(20);  // the server was away from before 10 on
  EXPECT_EQ(status().state, SaleState::kClosed);
  EXPECT_FALSE(status().is_draw_closed);
  EXPECT_EQ(view(entries[0]).state, EntryState::kMissed);
  EXPECT_EQ(give(kValue).outcome, Outcome::kWrongState);
  std::string reason;
  ASSERT_TRUE(for_each_event(log_.back().payload, [&](const auto& event) {
                if constexpr (requires { event.to; }) reason = event.cause.reason;
              }).has_value());
  EXPECT_NE(reason.find("the beacon's round was public before the sale could open"), std::string::npos);
}

TEST_F(BeaconQueue, opens_in_the_last_moment_before_the_value_may_be_known) {
  create_waiting(1);
  at_second(5);
  at_second(19.999);
  EXPECT_TRUE(status().is_draw_closed);
}

TEST_F(BeaconQueue, as_a_draft_is_not_published_any_more_once_the_value_may_be_known) {
  create_waiting(1, true);
  at_second(20);
  EXPECT_EQ(act(SaleAction::kPublish).outcome, Outcome::kBeaconPassed);
  EXPECT_EQ(give(kValue).outcome, Outcome::kWrongState);
  EXPECT_EQ(act(SaleAction::kClose).outcome, Outcome::kDone);
}

TEST_F(BeaconQueue, as_a_draft_is_published_late_but_in_time) {
  create_waiting(1, true);
  at_second(15);
  EXPECT_EQ(act(SaleAction::kPublish).sale_state, SaleState::kOpen);
  EXPECT_TRUE(status().is_draw_closed);
}

TEST_F(BeaconQueue, is_refused_where_the_value_may_be_known_already) {
  at_second(20);
  EXPECT_EQ(create_with(settings(QueueKind::kDraw, 1), beacon()).outcome, Outcome::kBeaconPassed);
  EXPECT_EQ(machine_.state().sale_count(), 0U);
}

TEST_F(BeaconQueue, is_refused_where_it_contradicts_the_sale) {
  const Settings drawn = settings(QueueKind::kDraw, 1);
  EXPECT_EQ(validate(drawn, beacon()), "");
  const auto expect_refused = [&](const Settings& settings, const Beacon& named, const char* part) {
    EXPECT_NE(validate(settings, named).find(part), std::string::npos) << part;
    EXPECT_EQ(create_with(settings, named).outcome, Outcome::kInvalidSettings) << part;
  };
  Settings wrong = drawn;
  wrong.units = 0;
  expect_refused(wrong, beacon(), "units");
  expect_refused(settings(QueueKind::kFifo, 1), beacon(), "a draw only");
  wrong = drawn;
  wrong.closes_at = at(20);
  expect_refused(wrong, beacon(), "closes_at");
  expect_refused(drawn, {"drand-quicknet", 1, at(10.999)}, "one second later than opens_at");
  expect_refused(drawn, {"drand-quicknet", 0, at(20)}, "counts from 1");
  for (const std::string& source : {std::string(), std::string("Drand"), std::string("a b"), std::string(65, 'a')}) {
    expect_refused(drawn, {source, 1, at(20)}, "beacon.source");
  }
  wrong.closes_at = at(20.001);
  EXPECT_EQ(create_with(wrong, {"a.b-0", 1, at(20)}).outcome, Outcome::kDone);
}

TEST_F(BeaconQueue, keeps_changes_from_opening_too_late_or_closing_too_early) {
  create_waiting(1);
  EXPECT_EQ(change({.opens_at = at(19.5)}).outcome, Outcome::kInvalidSettings);
  EXPECT_EQ(change({.closes_at = std::optional(at(20))}).outcome, Outcome::kInvalidSettings);
  EXPECT_EQ(change({.opens_at = at(19)}).outcome, Outcome::kDone);
  at_second(18.999);
  EXPECT_FALSE(status().is_draw_closed);
  at_second(19);
  EXPECT_TRUE(status().is_draw_closed);
}

TEST_F(BeaconQueue, tells_with_its_settings_what_it_waits_for) {
  create_waiting(1);
  std::optional<Beacon> told;
  machine_.take_publications([&](Machine::Publication&& publication) { told = publication.beacon; });
  EXPECT_EQ(told, beacon());
}

}  // namespace
}  // namespace doorbuster::sale
