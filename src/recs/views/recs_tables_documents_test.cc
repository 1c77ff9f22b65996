#include <gtest/gtest.h>

#include "base/prng.h"
#include "platform/views/memory_store.h"
#include "recs/views/recs_tables.h"

namespace doorbuster::recs {
namespace {

constexpr Timestamp kResponded = Timestamp::from_micros(1'795'773'600'000'000);
constexpr size_t kHistoryOfResponses = 8;

NameHash hash_of_visitor(uint64_t number) { return {.high = mixed64(number), .low = mixed64(number ^ 0xABCD)}; }

Interaction what_was_done(EventKind kind, uint32_t item, uint32_t user, uint32_t session, int64_t second) {
  return {.kind = kind, .item = item, .user = user, .session = session, .at = kResponded + Duration::seconds(second)};
}

// With items 0 to `items` - 1, and as many users and sessions.
void name_items_and_visitors(RecsTables& tables, uint32_t items, uint32_t visitors) {
  for (uint32_t item = 0; item < items; ++item) {
    const std::string name = "i" + std::to_string(item);
    tables.note(ItemNamed{.item = item, .hash = hash_of_visitor(item), .name = name}, kResponded);
  }
  for (uint32_t each = 0; each < visitors; ++each) {
    tables.note(VisitorNamed{.kind = VisitorKind::kUser, .visitor = each, .hash = hash_of_visitor(1'000 + each)},
                kResponded);
    tables.note(VisitorNamed{.kind = VisitorKind::kSession, .visitor = each, .hash = hash_of_visitor(2'000 + each)},
                kResponded);
  }
}

Interaction responded(EventKind kind, uint32_t item, uint32_t user, uint64_t recommendation, std::string_view variant) {
  Interaction row = what_was_done(kind, item, user, kNobody, 0);
  row.recommendation = recommendation;
  row.surface = "home";
  row.experiment = "x";
  row.variant = variant;
  row.shown = {.source = static_cast<uint8_t>(Source::kSimilar), .position = 2, .pool = 4, .propensity = 0.25F};
  return row;
}

constexpr std::string_view kAb = R"({"kind": "ab", "variants": [{"name": "a"}, {"name": "b"}]})";

TEST(RecsTables, keep_what_came_of_what_was_shown) {
  RecsTables tables(kHistoryOfResponses);
  name_items_and_visitors(tables, 5, 4);
  tables.note(DocumentPut{.kind = DocumentKind::kExperiment, .name = "x", .content = as_bytes(kAb)}, kResponded);
  for (uint32_t user = 0; user < 4; ++user) {
    tables.note(responded(EventKind::kImpression, user, user, 1 + user, user < 2 ? "a" : "b"), kResponded);
    if (user == 1) tables.note(responded(EventKind::kClick, user, user, 1 + user, "a"), kResponded);
  }
  tables.note(what_was_done(EventKind::kPurchase, 1, 1, kNobody, 1), kResponded);
  tables.note(what_was_done(EventKind::kImpression, 1, 1, kNobody, 1), kResponded);  // of no answer
  const int32_t today = day_of(kResponded);
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
    EXPECT_EQ(counts->since(), kResponded);
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
  RecsTables loaded(kHistoryOfResponses);
  const auto reader = store.read("recs").value();
  ASSERT_TRUE(loaded.load(*reader));
  look_at(loaded);
  EXPECT_EQ(loaded.surface_counts(), tables.surface_counts());
  EXPECT_EQ(*loaded.counts_of_experiment("x"), *tables.counts_of_experiment("x"));
  // The same again changes nothing; another begins again.
  tables.note(DocumentPut{.kind = DocumentKind::kExperiment, .name = "x", .content = as_bytes(kAb)}, kResponded);
  look_at(tables);
  std::string other(kAb);
  other += ' ';
  tables.note(DocumentPut{.kind = DocumentKind::kExperiment, .name = "x", .content = as_bytes(other)}, kResponded);
  EXPECT_EQ(tables.counts_of_experiment("x")->variants()[0].exposed, 0U);
}

TEST(RecsTables, say_who_is_forgotten_and_in_which_sessions_they_were) {
  RecsTables tables(kHistoryOfResponses);
  std::vector<std::pair<VisitorKind, NameHash>> told;
  tables.on_forgotten([&](VisitorKind kind, const NameHash& hash) { told.emplace_back(kind, hash); });
  name_items_and_visitors(tables, 5, 4);
  tables.note(what_was_done(EventKind::kView, 1, 2, 3, 0), kResponded);
  tables.note(VisitorForgotten{.kind = VisitorKind::kUser, .visitor = 2}, kResponded);
  ASSERT_EQ(told.size(), 2U);
  EXPECT_EQ(told[0], std::pair(VisitorKind::kUser, hash_of_visitor(1'002)));
  EXPECT_EQ(told[1], std::pair(VisitorKind::kSession, hash_of_visitor(2'003)));
}

TEST(RecsTables, count_kinds_of_the_shops_own_by_what_they_weigh) {
  RecsTables tables(kHistoryOfResponses);
  tables.set_own_kinds(OwnKinds::parse({"wishlist=5"}));
  name_items_and_visitors(tables, 5, 1);
  Interaction row = what_was_done(EventKind::kOther, 1, 0, kNobody, 0);
  row.word = "wishlist";
  tables.note(row, kResponded);
  row.item = 2;
  row.word = "hovered";
  tables.note(row, kResponded);
  EXPECT_EQ(tables.catalogue().popularity_of(1), 5U);
  EXPECT_EQ(tables.catalogue().popularity_of(2), 0U);
  EXPECT_EQ(tables.own_kinds().name(tables.history_of(VisitorKind::kUser, 0).touches()[1].word), "hovered");
  platform::MemoryStore store;
  auto writer = store.write("recs").value();
  ASSERT_TRUE(tables.save(*writer));
  ASSERT_TRUE(writer->commit());
  // What they weigh is said at each start, and counted anew.
  RecsTables loaded(kHistoryOfResponses);
  loaded.set_own_kinds(OwnKinds::parse({"hovered=1"}));
  const auto reader = store.read("recs").value();
  ASSERT_TRUE(loaded.load(*reader));
  EXPECT_EQ(loaded.catalogue().popularity_of(1), 0U);
  EXPECT_EQ(loaded.catalogue().popularity_of(2), 1U);
  EXPECT_EQ(loaded.history_of(VisitorKind::kUser, 0), tables.history_of(VisitorKind::kUser, 0));
}

}  // namespace
}  // namespace doorbuster::recs
