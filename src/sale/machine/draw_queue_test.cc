// A sale whose line is drawn: from the pre-queue to the offers, and its way through snapshots.
#include <algorithm>

#include "sale/machine/machine_test_fixture.h"

namespace doorbuster::sale {
namespace {

class DrawnQueue : public MachineFixture {
 protected:
  static Digest secret() {
    Digest bytes;
    bytes.fill(std::byte{7});
    return bytes;
  }
  // Takes entries from second 5 on, opens at 10.
  void create_drawn(uint32_t units) {
    Settings drawn = settings(QueueKind::kDraw, units);
    drawn.prequeue_opens_at = at(5);
    ASSERT_EQ(decide(CreateSale{std::make_unique<Settings>(std::move(drawn)), false, by_operator(), secret()}).outcome,
              Outcome::kDone);
  }
  std::vector<EntryNumber> joined(uint64_t from, uint64_t to) {
    std::vector<EntryNumber> entries;
    for (uint64_t who = from; who <= to; ++who) entries.push_back(join(who).entry->number);
    return entries;
  }
  EntryView view(EntryNumber entry) { return *look(entry).entry; }

  // What docs/formats/draw.md says, with the numbers as names.
  static std::vector<uint32_t> places_by_the_book(const std::vector<EntryNumber>& entries) {
    MerkleFrontier tree;
    for (const EntryNumber entry : entries) {
      const auto id = plain_entry_name(kSale, entry);
      tree.add(draw_leaf(tree.size(), {id.data(), id.size()}, {}));
    }
    const DrawPermutation permutation(draw_key(secret(), tree.root(), tree.size(), {}), tree.size());
    std::vector<uint32_t> places;
    for (uint64_t i = 0; i < tree.size(); ++i) places.push_back(static_cast<uint32_t>(permutation.position_of(i)) + 1);
    return places;
  }
};

TEST_F(DrawnQueue, gives_no_place_before_the_opening_and_the_drawn_one_with_it) {
  create_drawn(1);
  at_second(5);
  const std::vector<EntryNumber> entries = joined(1, 20);
  for (uint32_t i = 0; i < entries.size(); ++i) {
    EXPECT_EQ(view(entries[i]).position, 0U);
    EXPECT_EQ(view(entries[i]).people_ahead, 0U);
    EXPECT_EQ(view(entries[i]).arrival, i + 1);
  }
  EXPECT_EQ(status().drawn, 20U);
  EXPECT_FALSE(status().is_drawn);
  EXPECT_EQ(status().draw_secret, Digest{});
  at_second(10);
  EXPECT_TRUE(status().is_drawn);
  EXPECT_EQ(status().draw_secret, secret());
  const std::vector<uint32_t> places = places_by_the_book(entries);
  for (uint32_t i = 0; i < entries.size(); ++i) {
    EXPECT_EQ(view(entries[i]).position, places[i]);
    EXPECT_EQ(view(entries[i]).state, places[i] == 1 ? EntryState::kOffered : EntryState::kWaiting);
    EXPECT_EQ(view(entries[i]).people_ahead, places[i] == 1 ? 0 : places[i] - 2);
  }
}

TEST_F(DrawnQueue, is_committed_to_from_the_creation_on) {
  create_drawn(1);
  EXPECT_TRUE(status().has_draw);
  EXPECT_EQ(status().commitment, sha256(secret()));
}

TEST_F(DrawnQueue, offers_in_the_order_of_places_and_to_late_ones_at_last) {
  create_drawn(1);
  at_second(5);
  std::vector<EntryNumber> entries = joined(1, 9);
  at_second(10);
  for (const EntryNumber late : joined(10, 12)) entries.push_back(late);
  std::vector<uint32_t> served;
  double now = 10;
  for (size_t turn = 0; turn < entries.size(); ++turn) {
    const auto offered =
        std::ranges::find_if(entries, [&](EntryNumber entry) { return view(entry).state == EntryState::kOffered; });
    ASSERT_NE(offered, entries.end()) << turn;
    served.push_back(view(*offered).position);
    at_second(now += 60);
  }
  EXPECT_EQ(served, (std::vector<uint32_t>{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}));
  EXPECT_EQ(status().now_serving, 12U);
}

TEST_F(DrawnQueue, passes_over_those_who_left_or_were_removed_before_and_after) {
  create_drawn(1);
  at_second(5);
  const std::vector<EntryNumber> entries = joined(1, 8);
  const std::vector<uint32_t> places = places_by_the_book(entries);
  const auto at_place = [&](uint32_t place) {
    return static_cast<size_t>(std::ranges::find(places, place) - places.begin());
  };
  leave(entries[at_place(1)], at_place(1) + 1);
  remove(entries[at_place(3)]);
  at_second(10);
  EXPECT_EQ(view(entries[at_place(2)]).state, EntryState::kOffered);
  EXPECT_EQ(view(entries[at_place(4)]).people_ahead, 0U);
  EXPECT_EQ(view(entries[at_place(8)]).people_ahead, 4U);
  leave(entries[at_place(4)], at_place(4) + 1);
  EXPECT_EQ(view(entries[at_place(8)]).people_ahead, 3U);
  at_second(70);
  EXPECT_EQ(view(entries[at_place(5)]).state, EntryState::kOffered);
}

TEST_F(DrawnQueue, with_a_review_offers_nothing_before_an_operator_resumes) {
  create_drawn(1);
  at_second(5);
  const std::vector<EntryNumber> entries = joined(1, 3);
  EXPECT_EQ(change({.review = true}).outcome, Outcome::kDone);
  at_second(10);
  EXPECT_EQ(status().state, SaleState::kPaused);
  EXPECT_TRUE(status().is_drawn);
  EXPECT_EQ(status().now_serving, 0U);
  const std::vector<uint32_t> places = places_by_the_book(entries);
  const auto first = static_cast<size_t>(std::ranges::find(places, 1U) - places.begin());
  const auto second = static_cast<size_t>(std::ranges::find(places, 2U) - places.begin());
  remove(entries[first]);
  EXPECT_EQ(change({.review = false}).outcome, Outcome::kWrongState) << "there are places, and this is the review";
  act(SaleAction::kResume);
  EXPECT_EQ(view(entries[second]).state, EntryState::kOffered);
  EXPECT_EQ(status().state, SaleState::kOpen);
}

TEST_F(DrawnQueue, of_nobody_takes_the_first_who_comes) {
  create_drawn(1);
  at_second(10);
  EXPECT_TRUE(status().is_drawn);
  EXPECT_EQ(status().draw_root, sha256(Bytes()));
  EXPECT_EQ(join(1).entry->position, 1U);
  EXPECT_EQ(view(machine_.state().number_of_entry(0)).state, EntryState::kOffered);
}

TEST_F(DrawnQueue, of_people_who_all_left_takes_the_first_who_comes) {
  create_drawn(1);
  at_second(5);
  const EntryNumber only = joined(1, 1)[0];
  leave(only, 1);
  at_second(10);
  EXPECT_EQ(join(2).entry->state, EntryState::kOffered);
}

TEST_F(DrawnQueue, a_nonce_changes_the_root) {
  create_drawn(1);
  at_second(5);
  decide(Join{kSale, customer(1), {}, "mine"});
  at_second(10);
  EXPECT_NE(status().draw_root, Digest{});
  const auto id = plain_entry_name(kSale, {0, 0});
  EXPECT_EQ(status().draw_root, draw_leaf(0, {id.data(), id.size()}, as_bytes("mine")));
}

TEST_F(DrawnQueue, of_a_sale_that_is_closed_before_its_opening_never_happens) {
  create_drawn(1);
  at_second(5);
  const EntryNumber entry = joined(1, 1)[0];
  act(SaleAction::kClose);
  EXPECT_FALSE(status().is_drawn);
  EXPECT_EQ(status().draw_secret, Digest{});
  EXPECT_EQ(view(entry).state, EntryState::kMissed);
}

TEST_F(DrawnQueue, goes_with_its_sale_when_that_is_archived) {
  create_drawn(1);
  at_second(5);
  joined(1, 3);
  at_second(10);
  act(SaleAction::kClose);
  at_second(31 * kDay);
  EXPECT_TRUE(is_archived());
  EXPECT_EQ(look(EntryNumber{0, 0}).outcome, Outcome::kNotFound);
  EXPECT_EQ(look(EntryNumber{0, 1}).outcome, Outcome::kNotFound) << "the number that the slot's next entry will have";
}

}  // namespace
}  // namespace doorbuster::sale
