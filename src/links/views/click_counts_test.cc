#include "links/views/click_counts.h"

#include "links/views/click_counts_test_helpers.h"
#include "links/views/memory/memory_count_store.h"

namespace doorbuster::links {
namespace {

constexpr size_t kPlenty = size_t{16} << 20;

class ClickCountsTest : public ::testing::Test {
 protected:
  ClickCountsTest() { EXPECT_TRUE(counts_.open(Sequence()).has_value()); }

  void decide(const LinksMachine::Command& command, Timestamp at = kFirstClickAt) {
    std::vector<std::byte> log;
    EventSink sink{log};
    (void)machine_.decide(command, at, sink);
    ASSERT_EQ(counts_.hear(log, {.cell = {}, .sequence = heard_ + 1, .at = at, .traces = traces_}), sink.count);
    heard_ = heard_ + sink.count;
    counts_.tidy();
  }
  void click(const Click& click, Timestamp at = kFirstClickAt) { decide(RecordClicks{.clicks = {click}}, at); }
  LinkCounts of(uint64_t link) { return counts_.of(link).value().value(); }

  platform::TraceIndex traces_{16};
  LinksMachine machine_;
  ClickCounts counts_{std::make_unique<MemoryCountStore>(), kPlenty};
  Sequence heard_;
};

TEST_F(ClickCountsTest, count_by_all_that_a_click_says) {
  click({.link = 7,
         .device = DeviceClass::kPhone,
         .country = {'D', 'E'},
         .referrer = "news.example",
         .browser = Browser::kSafari,
         .system = System::kIos});
  click({.link = 7, .visitor = Visitor::kBot, .country = {'D', 'E'}, .referrer = {}, .browser = Browser::kProgram});
  click({.link = 7, .country = {'F', 'R'}, .referrer = "news.example"}, kFirstClickAt + Duration::seconds(86'400));
  click({.link = 8, .referrer = {}});
  const LinkCounts counts = of(7);
  EXPECT_EQ(counts.total.by_visitor, (std::array<uint64_t, 2>{2, 1}));
  ASSERT_EQ(counts.by_time.days().size(), 2U);
  EXPECT_EQ(counts.by_time.days()[0].day, *day_named("2026-11-27"));
  EXPECT_EQ(counts.by_time.days()[0].clicks.all(), 2U);
  EXPECT_EQ(counts.by_time.days()[1].clicks.all(), 1U);
  EXPECT_EQ(counts.by_country.at({'D', 'E'}), 2U);
  EXPECT_EQ(counts.by_browser[static_cast<size_t>(Browser::kSafari)], 1U);
  EXPECT_EQ(counts.by_system[static_cast<size_t>(System::kIos)], 1U);
  EXPECT_EQ(counts.by_system[static_cast<size_t>(System::kUnknown)], 2U);
  EXPECT_EQ(counts.by_device[static_cast<size_t>(DeviceClass::kPhone)], 1U);
  EXPECT_EQ(counts.referrers.counters()[0], (SpaceSaving::Counter{.text = "news.example", .count = 2}));
  EXPECT_EQ(counts.without_referrer, 1U);
  EXPECT_EQ(counts.first_at, kFirstClickAt);
  expect_sums(counts);
  EXPECT_EQ(counts_.of(9).value(), std::nullopt);
  EXPECT_EQ(counts_.total().all(), 4U);
  const std::vector<uint64_t> links = {8, 9, 7};
  const auto totals = counts_.totals_of(links).value();
  EXPECT_EQ(totals[0].total.all(), 1U);
  EXPECT_EQ(totals[1].total.all(), 0U);
  EXPECT_EQ(totals[2].total, counts.total);
  EXPECT_EQ(totals[2].last_at, counts.last_at);
}

TEST_F(ClickCountsTest, count_each_person_once_a_day_and_programs_never) {
  for (const uint64_t hash : {11, 12, 11, 11}) click({.link = 7, .referrer = {}, .visitor_hash = hash});
  click({.link = 7, .visitor = Visitor::kBot, .referrer = {}, .visitor_hash = 13});
  click({.link = 7, .referrer = {}});
  const LinkCounts counts = of(7);
  EXPECT_EQ(counts.visitors.estimate(), 2U);
  EXPECT_EQ(counts.without_visitor_hash, 1U) << "who asked not to be known again";
  expect_sums(counts);
}

TEST_F(ClickCountsTest, have_clicks_of_before_under_their_day_or_none) {
  const Day day = *day_named("2019-08-24");
  const auto come = [&](ImportedClicks clicks) { decide(RecordImports{.links = {std::move(clicks)}}); };
  come({.link = 7, .days = {{.day = day, .by_visitor = {5, 2}}, {.by_visitor = {3, 0}}, {.day = day}}});
  come({.link = 7, .days = {{.day = day, .by_visitor = {1, 0}}}});
  EXPECT_FALSE(of(7).was_followed_here());
  click({.link = 7, .country = {'D', 'E'}, .referrer = "news.example", .visitor_hash = 5});
  const LinkCounts counts = of(7);
  EXPECT_EQ(counts.total, (Tally{.by_visitor = {10, 2}}));
  EXPECT_EQ(counts.imported, (Tally{.by_visitor = {9, 2}}));
  EXPECT_EQ(counts.imported_without_day, (Tally{.by_visitor = {3, 0}}));
  EXPECT_EQ(counts.by_time.days().front(), (DayTally{.day = day, .clicks = {.by_visitor = {6, 2}}}));
  EXPECT_EQ(counts.without_visitor_hash, 9U);
  EXPECT_EQ(counts.visitors.estimate(), 1U);
  EXPECT_EQ(counts.first_at, kFirstClickAt);
  EXPECT_EQ(counts_.total(), counts.total);
  expect_sums(counts);
}

TEST_F(ClickCountsTest, agree_with_each_other_whatever_comes) {
  Prng random(1);
  for (int i = 0; i < 3'000; ++i) click(any_click(random, 1), any_time(random));
  EXPECT_EQ(of(1).referrers.counters().size(), SpaceSaving::kCountersMax);
  EXPECT_EQ(of(1).total.all(), 3'000U);
  expect_sums(of(1));
}

TEST_F(ClickCountsTest, go_with_the_link) {
  click({.link = 7, .referrer = {}});
  click({.link = 8, .referrer = {}});
  decide(ForgetVisits{.link = 7});
  click({.link = 7, .referrer = {}});
  EXPECT_EQ(counts_.of(7).value(), std::nullopt) << "also who came a moment later";
  EXPECT_EQ(of(8).total.all(), 1U);
  EXPECT_EQ(counts_.total().all(), 3U);
}

TEST_F(ClickCountsTest, tell_whether_anything_is_new_of_a_link) {
  click({.link = 7, .referrer = {}});
  const auto before = counts_.edition_of(7);
  click({.link = 8, .referrer = {}});
  EXPECT_EQ(counts_.edition_of(7), before);
  click({.link = 7, .referrer = {}});
  EXPECT_NE(counts_.edition_of(7), before);
}

TEST_F(ClickCountsTest, keep_no_more_in_memory_than_they_may) {
  constexpr size_t kBytes = size_t{64} << 10;
  ClickCounts counts(std::make_unique<MemoryCountStore>(), kBytes);
  ASSERT_TRUE(counts.open(Sequence()).has_value());
  for (uint64_t i = 1; i <= 2'000; ++i) {
    std::vector<std::byte> log;
    EventSink sink{log};
    (void)machine_.decide(RecordClicks{.clicks = {{.link = i % 500, .referrer = {}}}}, kFirstClickAt, sink);
    ASSERT_EQ(counts.hear(log, {.cell = {}, .sequence = Sequence(i), .at = kFirstClickAt, .traces = traces_}), 1U);
    counts.tidy();
    EXPECT_LT(counts.usage().recent_bytes, kBytes);
  }
  EXPECT_GT(counts.usage().writes, 10U);
  EXPECT_GT(counts.usage().store.links, 400U);
  for (uint64_t link = 0; link < 500; ++link) EXPECT_EQ(counts.of(link).value()->total.all(), 4U);
}

TEST_F(ClickCountsTest, wait_and_lose_nothing_while_the_disk_is_full) {
  auto owned = std::make_unique<MemoryCountStore>();
  MemoryCountStore& store = *owned;
  ClickCounts counts(std::move(owned), 4'096);
  ASSERT_TRUE(counts.open(Sequence()).has_value());
  uint64_t heard = 0;
  const auto hear = [&] {
    std::vector<std::byte> log;
    EventSink sink{log};
    (void)machine_.decide(RecordClicks{.clicks = {{.link = heard, .referrer = {}}}}, kFirstClickAt, sink);
    const bool is_heard =
        counts.hear(log, {.cell = {}, .sequence = Sequence(heard + 1), .at = kFirstClickAt, .traces = traces_})
            .has_value();
    if (is_heard) ++heard;
    counts.tidy();
    return is_heard;
  };
  store.refuse_writes(true);
  while (hear()) ASSERT_LT(heard, 100U);
  EXPECT_GT(heard, 1U);
  EXPECT_TRUE(counts.usage().is_failing);
  EXPECT_FALSE(hear()) << "it is told again";
  store.refuse_writes(false);
  EXPECT_TRUE(hear());
  EXPECT_FALSE(counts.usage().is_failing);
  EXPECT_EQ(counts.total().all(), heard);
  for (uint64_t link = 0; link < heard; ++link) EXPECT_EQ(counts.of(link).value()->total.all(), 1U) << link;
}

}  // namespace
}  // namespace doorbuster::links
