#include "recs/views/recs_tables.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <set>

#include "platform/views/memory_store.h"
#include "recs/views/recommender.h"
#include "recs/views/recs_tables_test_helpers.h"

namespace doorbuster::recs {
namespace {

EventKind any_kind(Prng& random) {
  constexpr std::array kKinds = {EventKind::kView,  EventKind::kCart,  EventKind::kPurchase,
                                 EventKind::kClick, EventKind::kOther, EventKind::kImpression};
  return kKinds[random.below(kKinds.size())];
}

// Whoever is forgotten leaves what would be there if they had never come: whatever their sessions and others did.
TEST(RecsTables, are_after_forgetting_as_if_nobody_had_been_there) {
  for (uint64_t seed = 0; seed < 40; ++seed) {
    Prng random(seed);
    RecsTables tables(kHistory);
    RecsTables without(kHistory);
    for (RecsTables* each : {&tables, &without}) each->set_own_kinds(OwnKinds::parse({"wishlist=2"}));
    name_all(tables, 15, 6);
    name_all(without, 15, 6);
    constexpr uint32_t kForgotten = 3;
    // Words are named in the order in which they came, by whomever.
    for (const std::string_view word : {"wishlist", "hovered"}) {
      Interaction row = did(EventKind::kOther, 0, 0, kNobody, 0);
      row.word = word;
      for (RecsTables* each : {&tables, &without}) each->note(row, kNow);
    }
    std::set<uint32_t> shared;  // sessions of theirs: what is pushed out of one depends on who was there
    for (int step = 0; step < 300; ++step) {
      const auto user = static_cast<uint32_t>(random.below(7));
      const bool is_theirs = user == kForgotten;
      // Their sessions are their own.
      const uint32_t session = is_theirs ? 5 : static_cast<uint32_t>(random.below(5));
      Interaction row = did(any_kind(random), static_cast<uint32_t>(random.below(15)), user == 6 ? kNobody : user,
                            random.chance(3) ? kNobody : session, static_cast<int64_t>(random.below(5'000)));
      if (row.user == kNobody && row.session == kNobody) row.session = session;
      if (random.chance(10)) row.kind = EventKind::kCancel;
      if (random.chance(2)) row.country = random.chance(2) ? country_of_text("DE") : country_of_text("FR");
      if (row.kind == EventKind::kOther) row.word = random.chance(2) ? "wishlist" : "hovered";
      const Timestamp at = kNow + Duration::seconds(5'000 + step);
      tables.note(row, at);
      if (!is_theirs) without.note(row, at);
    }
    const Timestamp end = kNow + Duration::seconds(6'000);
    for (RecsTables* each : {&tables, &without})
      each->note(VisitorForgotten{.kind = VisitorKind::kUser, .visitor = kForgotten}, end);
    EXPECT_TRUE(tables.counts_as(without)) << "seed " << seed;
    for (uint32_t session = 0; session < 6; ++session) {
      EXPECT_EQ(tables.history_of(VisitorKind::kSession, session), without.history_of(VisitorKind::kSession, session));
    }
  }
}

// Notes what `meanwhile` says after each part.
class InterruptedWriter final : public platform::StateWriter {
 public:
  InterruptedWriter(platform::StateWriter& out, std::function<void()> meanwhile)
      : out_(out), meanwhile_(std::move(meanwhile)) {}
  Result<void> add(Bytes part) override {
    TRY(out_.add(part));
    meanwhile_();
    return {};
  }
  Result<void> commit() override { return out_.commit(); }

 private:
  platform::StateWriter& out_;
  const std::function<void()> meanwhile_;
};

void note_anything(RecsTables& tables, Prng& random, uint32_t items, uint32_t visitors, int64_t second) {
  const auto visitor = static_cast<uint32_t>(random.below(visitors));
  const auto item = static_cast<uint32_t>(random.below(items));
  const Timestamp at = kNow + Duration::seconds(second);
  switch (random.below(12)) {
    case 0: {
      const std::string content = R"({"title":")" + std::string(100 + random.below(400), 'x') + R"("})";
      return tables.note(ItemPut{.item = item, .content = as_bytes(content)}, at);
    }
    case 1:
      return tables.note(ItemStock{.item = item, .in_stock = random.chance(2)}, at);
    case 2: {
      const std::string content = R"({"size":)" + std::to_string(random.below(50)) + "}";
      return tables.note(UserPut{.user = visitor, .content = as_bytes(content)}, at);
    }
    case 3: {
      const NameHash hash = hash_of(10'000'000 + static_cast<uint64_t>(second) * 100 + random.below(100));
      tables.note(VisitorForgotten{.kind = VisitorKind::kUser, .visitor = visitor}, at);
      return tables.note(VisitorNamed{.kind = VisitorKind::kUser, .visitor = visitor, .hash = hash}, at);
    }
    default:
      return tables.note(did(any_kind(random), item, visitor, random.chance(2) ? visitor : kNobody, second), at);
  }
}

TEST(RecsTables, are_saved_as_they_were_when_it_began_whatever_is_noted_meanwhile) {
  constexpr uint32_t kItems = 1'500, kVisitors = 3'000;
  Prng random(7);
  RecsTables tables(kHistory), as_it_was(kHistory);
  for (RecsTables* each : {&tables, &as_it_was}) {
    Prng same(8);
    name_all(*each, kItems, kVisitors);
    for (int64_t second = 0; second < 60'000; ++second) note_anything(*each, same, kItems, kVisitors, second);
  }
  platform::MemoryStore store;
  const auto out = store.write("recs");
  ASSERT_TRUE(out);
  int64_t second = 60'000;
  int parts = 0;
  InterruptedWriter interrupted(**out, [&] {
    ++parts;
    for (int i = 0; i < 500; ++i) note_anything(tables, random, kItems, kVisitors, second++);
  });
  ASSERT_TRUE(tables.save(interrupted));
  ASSERT_TRUE((*out)->commit());
  EXPECT_GT(parts, 5) << "or nothing was noted meanwhile";
  EXPECT_FALSE(tables.counts_as(as_it_was));
  RecsTables loaded(kHistory);
  const auto in = store.read("recs");
  ASSERT_TRUE(in && *in != nullptr);
  ASSERT_TRUE(loaded.load(**in));
  EXPECT_TRUE(loaded.counts_as(as_it_was));
  for (uint32_t user = 0; user < kVisitors; ++user)
    EXPECT_EQ(loaded.content_of_user(user), as_it_was.content_of_user(user));
  for (uint32_t item = 0; item < kItems; ++item) {
    EXPECT_EQ(loaded.catalogue()[item].content.title, as_it_was.catalogue()[item].content.title);
    EXPECT_EQ(loaded.catalogue()[item].content.in_stock, as_it_was.catalogue()[item].content.in_stock);
  }
}

TEST(RecsTables, that_count_later_are_as_those_that_count_at_once) {
  constexpr uint32_t kItems = 50, kVisitors = 40;
  for (uint64_t seed = 0; seed < 10; ++seed) {
    RecsTables at_once(kHistory), later(kHistory);
    later.count_later();
    for (RecsTables* each : {&at_once, &later}) {
      Prng random(seed);
      name_all(*each, kItems, kVisitors);
      for (int64_t second = 0; second < 3'000; ++second) note_anything(*each, random, kItems, kVisitors, second);
    }
    EXPECT_EQ(later.usage().interactions, 0U);
    later.count_all();
    EXPECT_TRUE(later.counts_as(at_once)) << "seed " << seed;
    for (RecsTables* each : {&at_once, &later}) {
      Prng random(seed + 100);
      for (int64_t second = 3'000; second < 4'000; ++second) note_anything(*each, random, kItems, kVisitors, second);
    }
    EXPECT_TRUE(later.counts_as(at_once)) << "seed " << seed;
  }
}

TEST(RecsTables, are_what_the_histories_that_are_kept_give) {
  for (uint64_t seed = 0; seed < 20; ++seed) {
    Prng random(seed);
    RecsTables tables(kHistory);
    name_all(tables, 15, 6);
    tables.note(ItemPut{.item = 3, .content = as_bytes(R"({"categories":["a","b"],"price":3.5,"title":"T"})")}, kNow);
    tables.note(UserPut{.user = 2, .content = as_bytes(R"({"age":7})")}, kNow);
    tables.note(DocumentPut{.kind = DocumentKind::kRule, .name = "r", .content = as_bytes("{}")}, kNow);
    for (int step = 0; step < 200; ++step) {
      tables.note(did(any_kind(random), static_cast<uint32_t>(random.below(15)),
                      random.chance(2) ? kNobody : static_cast<uint32_t>(random.below(6)),
                      static_cast<uint32_t>(random.below(6)), step),
                  kNow + Duration::seconds(step));
    }
    tables.note(ItemRemoved{.item = 4}, kNow);
    tables.note(ItemStock{.item = 5, .in_stock = false}, kNow);
    platform::MemoryStore store;
    auto writer = store.write("recs").value();
    ASSERT_TRUE(tables.save(*writer));
    ASSERT_TRUE(writer->commit());
    RecsTables loaded(kHistory);
    const auto reader = store.read("recs").value();
    ASSERT_TRUE(loaded.load(*reader));
    EXPECT_TRUE(tables.counts_as(loaded)) << "seed " << seed;
    EXPECT_EQ(loaded.catalogue()[3].content.price, 3.5);
    EXPECT_TRUE(loaded.catalogue()[4].is_removed);
    EXPECT_FALSE(loaded.catalogue()[5].may_be_shown());
    EXPECT_EQ(loaded.content_of_user(2), R"({"age":7})");
    EXPECT_EQ(loaded.documents(DocumentKind::kRule).size(), 1);
  }
}

TEST(RecsTables, keep_purchases_the_longest) {
  RecsTables tables(kHistory);
  name_all(tables, 30, 1);
  tables.note(did(EventKind::kPurchase, 0, 0, kNobody, 0), kNow);
  for (uint32_t item = 1; item < 30; ++item) tables.note(did(EventKind::kView, item, 0, kNobody, item), kNow);
  EXPECT_TRUE(tables.history_of(VisitorKind::kUser, 0).has(0, EventKind::kPurchase));
  EXPECT_EQ(tables.history_of(VisitorKind::kUser, 0).touches().size(), kHistory);
}

// Visits in which users come and go, and are forgotten, in whatever order their events came.
TEST(RecsTables, have_the_visits_of_those_who_are_left) {
  constexpr uint32_t kSessions = 60;
  for (uint64_t seed = 0; seed < 30; ++seed) {
    Prng random(seed);
    RecsTables tables(40);
    RecsTables without(40);
    name_all(tables, 12, kSessions);
    name_all(without, 12, kSessions);
    for (int step = 0; step < 600; ++step) {
      const auto session = static_cast<uint32_t>(random.below(kSessions));
      const auto user = random.chance(2) ? kNobody : static_cast<uint32_t>(random.below(4));
      Interaction row = did(any_kind(random), static_cast<uint32_t>(random.below(12)), user, session,
                            static_cast<int64_t>(random.below(3'000)));
      // In some sessions they never are: a cancellation takes back the newest purchase, whose ever it is.
      if (session < 20 && user == 2) continue;
      if (session < 20 && random.chance(5)) row.kind = EventKind::kCancel;
      const Timestamp at = kNow + Duration::seconds(3'000 + step);
      tables.note(row, at);
      if (user != 2) without.note(row, at);
    }
    const Timestamp end = kNow + Duration::seconds(4'000);
    for (RecsTables* each : {&tables, &without}) {
      each->note(VisitorForgotten{.kind = VisitorKind::kUser, .visitor = 2}, end);
      each->note(VisitorForgotten{.kind = VisitorKind::kSession, .visitor = 7}, end);
    }
    EXPECT_TRUE(tables.counts_as(without)) << "seed " << seed;
    EXPECT_TRUE(tables.visits().same_as(without.visits())) << "seed " << seed;
    EXPECT_GT(tables.visits().clicks(), 200U);
    EXPECT_TRUE(tables.visits().clicks_of(7).empty());
  }
}

TEST(RecsTables, take_no_visit_that_is_longer_than_what_is_kept_of_it) {
  RecsTables tables(kHistory);
  name_all(tables, 30, 2);
  for (uint32_t item = 0; item < kHistory - 1; ++item) {
    tables.note(did(EventKind::kView, item, kNobody, 0, item), kNow);
    tables.note(did(EventKind::kCart, item, kNobody, 0, item), kNow);
  }
  EXPECT_TRUE(tables.visits().clicks_of(0).empty());
  for (uint32_t item = 0; item < 3; ++item) {
    tables.note(did(EventKind::kView, item, kNobody, 1, item), kNow);
    tables.note(did(EventKind::kCart, item, kNobody, 1, item), kNow);
  }
  EXPECT_EQ(tables.visits().clicks_of(1).size(), 3U) << "what is put into the cart after a look is one click";
}

TEST(Recommender, says_what_comes_next_in_visits_like_this_one) {
  RecsTables tables(kHistory);
  name_all(tables, 12, 40);
  uint32_t session = 0;
  const auto visit = [&](std::initializer_list<uint32_t> items) {
    for (const uint32_t item : items)
      tables.note(did(EventKind::kView, item, kNobody, session, 100 * session + item), kNow);
    ++session;
  };
  for (int i = 0; i < 10; ++i) visit({1, 2, 3});
  for (int i = 0; i < 3; ++i) visit({1, 4});
  visit({0, 1});
  const auto shown = for_visitors(tables, {.visitors = {.session = session - 1}, .n = 3});
  ASSERT_EQ(shown.size(), 3U);
  EXPECT_EQ(std::set({shown[0].item, shown[1].item}), std::set({2U, 3U}));
  EXPECT_EQ(shown[2].item, 4U);
  EXPECT_EQ(shown[0].source, Source::kSession);
  EXPECT_EQ(shown[0].because, 1U);
  for (const Recommended& each : shown) EXPECT_TRUE(each.item != 0 && each.item != 1) << "they were seen";
  // The same asked with the visit in the question, of which nothing is kept.
  const auto asked = for_visitors(tables, {.visitors = {.seen = {1}}, .n = 2});
  EXPECT_EQ(std::set({asked[0].item, asked[1].item}), std::set({2U, 3U}));
}

TEST(Recommender, gives_as_many_as_there_are_and_none_that_may_not_be_shown) {
  for (uint64_t seed = 0; seed < 30; ++seed) {
    Prng random(seed);
    RecsTables tables(kHistory);
    name_all(tables, 40, 4);
    for (uint32_t item = 0; item < 40; ++item) {
      const bool in_stock = !random.chance(4);
      const std::string content = std::string(R"({"categories":[")") + (item % 2 == 0 ? "even" : "odd") +
                                  R"("],"in_stock":)" + (in_stock ? "true" : "false") + "}";
      tables.note(ItemPut{.item = item, .content = as_bytes(content)}, kNow);
    }
    for (int step = 0; step < 60; ++step) {
      tables.note(did(any_kind(random), static_cast<uint32_t>(random.below(40)), static_cast<uint32_t>(random.below(4)),
                      kNobody, step),
                  kNow);
    }
    const auto divisor = static_cast<uint32_t>(1 + random.below(6));
    std::string names;
    for (uint32_t item = 0; item < 40; item += divisor)
      names += (item == 0 ? "'i" : ",'i") + std::to_string(item) + "'";
    const Filter filter = Filter::parse("item in (" + names + ")").value();
    Question question{.visitors = {.user = 2}, .n = 100, .filter = &filter};
    std::set<uint32_t> expected;
    for (uint32_t item = 0; item < 40; ++item) {
      const bool is_bought = tables.history_of(VisitorKind::kUser, 2).has(item, EventKind::kPurchase);
      if (item % divisor == 0 && tables.catalogue()[item].may_be_shown() && !is_bought) expected.insert(item);
    }
    std::set<uint32_t> shown;
    double before = INFINITY;
    const std::vector<Recommended> recommended = for_visitors(tables, question);
    for (const Recommended& each : recommended) {
      EXPECT_TRUE(shown.insert(each.item).second) << "twice";
      EXPECT_LE(each.score, before);
      before = each.score;
    }
    // What they looked at lately is popular, if nothing else.
    EXPECT_EQ(shown, expected) << "seed " << seed;
    question.n = 3;
    EXPECT_EQ(for_visitors(tables, question).size(), std::min<size_t>(3, expected.size()));
  }
}

}  // namespace
}  // namespace doorbuster::recs
