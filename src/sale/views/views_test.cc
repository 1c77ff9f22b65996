#include "sale/views/views.h"

#include <gtest/gtest.h>

#include "platform/views/memory_store.h"
#include "sale/views/views_test_history.h"

namespace doorbuster::sale {
namespace {

std::vector<std::byte> known_to(const Views& views) {
  platform::MemoryStore store;
  const auto writer = store.write("views");
  EXPECT_TRUE(views.save(**writer).has_value() && (*writer)->commit().has_value());
  std::vector<std::byte> known;
  for (const auto& part : store.states()["views"]) known.insert(known.end(), part.begin(), part.end());
  return known;
}

ViewsOptions kept_in(platform::StateStore* store) {
  return {.store = store, .on_trouble = [](const std::string& trouble) { ADD_FAILURE() << trouble; }};
}

void hear_up_to(Views& views, Sequence tail) {
  views.follower().note_durable(kCell, tail);
  while (views.follower().turn()) {
  }
  ASSERT_EQ(views.position(), tail);
}

TEST(Views, know_the_same_saved_at_any_event_as_when_they_have_heard_all) {
  History history;
  Views whole(history.log(), kCell, plain_entry_name, {}, kept_in(nullptr));
  hear_up_to(whole, history.tail());
  const std::vector<std::byte> known = known_to(whole);
  for (Sequence cut(1); cut <= history.tail(); ++cut) {
    platform::MemoryStore store;
    Views before(history.log(), kCell, plain_entry_name, {}, kept_in(&store));
    hear_up_to(before, cut);
    before.follower().save();
    Views after(history.log(), kCell, plain_entry_name, {}, kept_in(&store));
    after.follower().restore({history.tail()});
    EXPECT_EQ(after.position(), cut);
    EXPECT_EQ(known_to(after), known_to(before)) << cut.value();
    hear_up_to(after, history.tail());
    EXPECT_EQ(known_to(after), known) << cut.value();
  }
}

TEST(Views, forget_all_that_they_have_heard) {
  History history;
  Views views(history.log(), kCell, plain_entry_name, {}, kept_in(nullptr));
  const std::vector<std::byte> nothing = known_to(views);
  hear_up_to(views, history.tail());
  EXPECT_NE(known_to(views), nothing);
  views.clear();
  EXPECT_EQ(known_to(views), nothing);
}

TEST(Views, give_the_same_answers_from_a_saved_draw) {
  History history;
  platform::MemoryStore store;
  Views before(history.log(), kCell, plain_entry_name, {}, kept_in(&store));
  hear_up_to(before, history.tail());
  before.follower().save();
  Views after(history.log(), kCell, plain_entry_name, {}, kept_in(&store));
  after.follower().restore({history.tail()});
  const auto transcript = [](const Views& views) {
    return views.look(kDraw, [](const SaleViews& each) {
      std::string text;
      auto cursor = each.draws.begin(kDraw).value();
      while (!cursor.ended) each.draws.give(cursor, 100, text);
      return text;
    });
  };
  EXPECT_EQ(transcript(after), transcript(before));
  const auto proof = [](const Views& views) {
    return views.look(kDraw, [](const SaleViews& each) { return each.draws.receipt(kDraw, 2)->proof; });
  };
  EXPECT_EQ(proof(after), proof(before));
}

}  // namespace
}  // namespace doorbuster::sale
