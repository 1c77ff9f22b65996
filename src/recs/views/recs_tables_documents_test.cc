#include <gtest/gtest.h>

#include "platform/views/memory_store.h"
#include "recs/views/recs_tables_test_helpers.h"

namespace doorbuster::recs {
namespace {

Interaction responded(EventKind kind, uint32_t item, uint32_t user, uint64_t recommendation, std::string_view variant) {
  Interaction row = did(kind, item, user, kNobody, 0);
  row.recommendation = recommendation;
  row.surface = "home";
  row.experiment = "x";
  row.variant = variant;
  row.shown = {.source = static_cast<uint8_t>(Source::kSimilar), .position = 2, .pool = 4, .propensity = 0.25F};
  return row;
}

constexpr std::string_view kAb = R"({"kind": "ab", "variants": [{"name": "a"}, {"name": "b"}]})";

TEST(RecsTables, keep_what_came_of_what_was_shown) {
  RecsTables tables(kHistory);
  name_all(tables, 5, 4);
  tables.note(DocumentPut{.kind = DocumentKind::kExperiment, .name = "x", .content = as_bytes(kAb)}, kNow);
  for (uint32_t user = 0; user < 4; ++user) {
    tables.note(responded(EventKind::kImpression, user, user, 1 + user, user < 2 ? "a" : "b"), kNow);
    if (user == 1) tables.note(responded(EventKind::kClick, user, user, 1 + user, "a"), kNow);
  }
  tables.note(did(EventKind::kPurchase, 1, 1, kNobody, 1), kNow);
  tables.note(did(EventKind::kImpression, 1, 1, kNobody, 1), kNow);  // of no answer
  const int32_t today = day_of(kNow);
  const auto look_at = [&](const RecsTables& those) {
    const DayOfSurface sum = those.surface_counts().sum("home", today - 5, today);
    EXPECT_EQ(sum.all, (Responses{.impressions = 4, .clicks = 1}));
    EXPECT_EQ(sum.by_source[static_cast<size_t>(Source::kSimilar)], sum.all);
    EXPECT_EQ(sum.by_position[1], sum.all);
    EXPECT_EQ(sum.drawn, sum.all);
    EXPECT_DOUBLE_EQ(sum.policies[static_cast<size_t>(Policy::kUniform)].weight, 4);
    EXPECT_EQ(those.surface_counts().sum("*", today, today).unattributed.impressions, 1U);
    const ExperimentCounts* counts = those.counts_of_experiment("x");
    ASSERT_NE(counts, nullptr);
    EXPECT_EQ(counts->since(), kNow);
    EXPECT_EQ(counts->variants()[0].all(), (Responses{.impressions = 2, .clicks = 1}));
    EXPECT_EQ(counts->variants()[0].exposed + counts->variants()[1].exposed, 4U);
    EXPECT_EQ(counts->variants()[0].clicked + counts->variants()[1].clicked, 1U);
    uint64_t attributed = 0;
    for (const VariantCounts& each : counts->variants()) attributed += each.purchases_attributed;
    EXPECT_EQ(attributed, 1U) << "they had clicked it";
  };
  look_at(tables);
  platform::MemoryStore store;
  auto writer = store.write("recs").value();
  ASSERT_TRUE(tables.save(*writer));
  ASSERT_TRUE(writer->commit());
  RecsTables loaded(kHistory);
  const auto reader = store.read("recs").value();
  ASSERT_TRUE(loaded.load(*reader));
  look_at(loaded);
  EXPECT_EQ(loaded.surface_counts(), tables.surface_counts());
  EXPECT_EQ(*loaded.counts_of_experiment("x"), *tables.counts_of_experiment("x"));
  // The same again changes nothing; another begins again.
  tables.note(DocumentPut{.kind = DocumentKind::kExperiment, .name = "x", .content = as_bytes(kAb)}, kNow);
  look_at(tables);
  std::string other(kAb);
  other += ' ';
  tables.note(DocumentPut{.kind = DocumentKind::kExperiment, .name = "x", .content = as_bytes(other)}, kNow);
  EXPECT_EQ(tables.counts_of_experiment("x")->variants()[0].exposed, 0U);
}

TEST(RecsTables, say_who_is_forgotten_and_in_which_sessions_they_were) {
  RecsTables tables(kHistory);
  std::vector<std::pair<VisitorKind, NameHash>> told;
  tables.on_forgotten([&](VisitorKind kind, const NameHash& hash) { told.emplace_back(kind, hash); });
  name_all(tables, 5, 4);
  tables.note(did(EventKind::kView, 1, 2, 3, 0), kNow);
  tables.note(VisitorForgotten{.kind = VisitorKind::kUser, .visitor = 2}, kNow);
  ASSERT_EQ(told.size(), 2U);
  EXPECT_EQ(told[0], std::pair(VisitorKind::kUser, hash_of(1'002)));
  EXPECT_EQ(told[1], std::pair(VisitorKind::kSession, hash_of(2'003)));
}

TEST(RecsTables, count_kinds_of_the_shops_own_by_what_they_weigh) {
  RecsTables tables(kHistory);
  tables.set_own_kinds(OwnKinds::parse({"wishlist=5"}));
  name_all(tables, 5, 1);
  Interaction row = did(EventKind::kOther, 1, 0, kNobody, 0);
  row.word = "wishlist";
  tables.note(row, kNow);
  row.item = 2;
  row.word = "hovered";
  tables.note(row, kNow);
  EXPECT_EQ(tables.catalogue().popularity_of(1), 5U);
  EXPECT_EQ(tables.catalogue().popularity_of(2), 0U);
  EXPECT_EQ(tables.own_kinds().name(tables.history_of(VisitorKind::kUser, 0).touches()[1].word), "hovered");
  platform::MemoryStore store;
  auto writer = store.write("recs").value();
  ASSERT_TRUE(tables.save(*writer));
  ASSERT_TRUE(writer->commit());
  // What they weigh is said at each start, and counted anew.
  RecsTables loaded(kHistory);
  loaded.set_own_kinds(OwnKinds::parse({"hovered=1"}));
  const auto reader = store.read("recs").value();
  ASSERT_TRUE(loaded.load(*reader));
  EXPECT_EQ(loaded.catalogue().popularity_of(1), 0U);
  EXPECT_EQ(loaded.catalogue().popularity_of(2), 1U);
  EXPECT_EQ(loaded.history_of(VisitorKind::kUser, 0), tables.history_of(VisitorKind::kUser, 0));
}

}  // namespace
}  // namespace doorbuster::recs
