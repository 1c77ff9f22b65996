#include "links/views/click_counts.h"

#include <gtest/gtest.h>

#include <numeric>

#include "base/prng.h"
#include "platform/views/memory_store.h"

namespace doorbuster::links {
namespace {

constexpr Timestamp kMorning = Timestamp::from_micros(1'795'773'600'000'000);  // 2026-11-27T10:00:00Z

class ClickCountsTest : public ::testing::Test {
 protected:
  void click(const Click& click, Timestamp at = kMorning) {
    std::vector<std::byte> log;
    EventSink sink{log};
    (void)machine_.decide(RecordClicks{.clicks = {click}}, at, sink);
    ASSERT_EQ(counts_.hear(log, {.cell = {}, .sequence = Sequence(1), .at = at, .traces = traces_}), 1U);
  }
  void import_clicks(ImportedClicks clicks) {
    std::vector<std::byte> log;
    EventSink sink{log};
    (void)machine_.decide(RecordImports{.links = {std::move(clicks)}}, kMorning, sink);
    ASSERT_EQ(counts_.hear(log, {.cell = {}, .sequence = Sequence(1), .at = kMorning, .traces = traces_}), 1U);
  }
  // The sums that have to agree.
  static void expect_sums(const LinkCounts& counts) {
    const auto of_array = [](const auto& array) { return std::accumulate(array.begin(), array.end(), uint64_t{0}); };
    uint64_t countries = 0;
    uint64_t referrers = counts.without_referrer;
    for (const auto& [country, count] : counts.by_country) countries += count;
    for (const auto& counter : counts.referrers.counters()) referrers += counter.count;
    uint64_t variants = 0;
    for (const auto& [key, clicks] : counts.by_variant) variants += clicks.all();
    EXPECT_LE(variants, counts.total.all()) << "the others were led to none";
    EXPECT_EQ(countries, counts.total.all());
    EXPECT_EQ(referrers, counts.total.all());
    EXPECT_EQ(of_array(counts.by_browser), counts.total.all());
    EXPECT_EQ(of_array(counts.by_system), counts.total.all());
    EXPECT_EQ(of_array(counts.by_device), counts.total.all());
    for (const char* zone : {"UTC", "Asia/Kathmandu", "America/New_York", "Pacific/Kiritimati"}) {
      Tally days = counts.imported_without_day;
      for (const auto& [day, tally] : counts.by_time.days_in(TimeZone::load(zone).value())) days += tally;
      EXPECT_EQ(days, counts.total) << zone;
    }
  }

  platform::TraceIndex traces_{16};
  LinksMachine machine_;
  ClickCounts counts_;
};

TEST_F(ClickCountsTest, count_by_all_that_a_click_says) {
  click({.link = 7,
         .device = DeviceClass::kPhone,
         .country = {'D', 'E'},
         .referrer = "news.example",
         .browser = Browser::kSafari,
         .system = System::kIos});
  click({.link = 7, .visitor = Visitor::kBot, .country = {'D', 'E'}, .referrer = {}, .browser = Browser::kProgram});
  click({.link = 7, .country = {'F', 'R'}, .referrer = "news.example"}, kMorning + Duration::seconds(86'400));
  click({.link = 8, .referrer = {}});
  const LinkCounts& counts = *counts_.of(7);
  EXPECT_EQ(counts.total.by_visitor, (std::array<uint64_t, 2>{2, 1}));
  EXPECT_EQ(counts.by_time.days().at(*day_named("2026-11-27")).all(), 2U);
  EXPECT_EQ(counts.by_time.days().at(*day_named("2026-11-28")).all(), 1U);
  EXPECT_EQ(counts.by_country.at({'D', 'E'}), 2U);
  EXPECT_EQ(counts.by_browser[static_cast<size_t>(Browser::kSafari)], 1U);
  EXPECT_EQ(counts.by_system[static_cast<size_t>(System::kIos)], 1U);
  EXPECT_EQ(counts.by_system[static_cast<size_t>(System::kUnknown)], 2U);
  EXPECT_EQ(counts.by_device[static_cast<size_t>(DeviceClass::kPhone)], 1U);
  EXPECT_EQ(counts.referrers.counters()[0], (SpaceSaving::Counter{.text = "news.example", .count = 2}));
  EXPECT_EQ(counts.without_referrer, 1U);
  EXPECT_EQ(counts.first_at, kMorning);
  expect_sums(counts);
  EXPECT_EQ(counts_.of(9), nullptr);
  EXPECT_EQ(counts_.total().all(), 4U);
}

TEST_F(ClickCountsTest, count_each_person_once_a_day_and_programs_never) {
  for (const uint64_t hash : {11, 12, 11, 11}) click({.link = 7, .referrer = {}, .visitor_hash = hash});
  click({.link = 7, .visitor = Visitor::kBot, .referrer = {}, .visitor_hash = 13});
  click({.link = 7, .referrer = {}});
  const LinkCounts& counts = *counts_.of(7);
  EXPECT_EQ(counts.visitors.estimate(), 2U);
  EXPECT_EQ(counts.without_visitor_hash, 1U) << "who asked not to be known again";
  expect_sums(counts);
}

TEST_F(ClickCountsTest, count_clicks_by_variant) {
  for (const uint32_t variant : {9, 3, 9}) click({.link = 7, .referrer = {}, .variant = variant});
  click({.link = 7, .visitor = Visitor::kBot, .referrer = {}, .variant = 3});
  click({.link = 7, .referrer = {}});
  const LinkCounts& counts = *counts_.of(7);
  ASSERT_EQ(counts.by_variant.size(), 2U);
  EXPECT_EQ(counts.by_variant[0].key, 3U);
  EXPECT_EQ(counts.by_variant[0].clicks.by_visitor, (std::array<uint64_t, 2>{1, 1}));
  EXPECT_EQ(counts.by_variant[1].clicks.by_visitor, (std::array<uint64_t, 2>{2, 0}));
  expect_sums(counts);
}

TEST_F(ClickCountsTest, count_the_variants_beyond_a_bound_together) {
  for (uint32_t variant = 1; variant <= 100; ++variant) click({.link = 7, .referrer = {}, .variant = variant});
  const LinkCounts& counts = *counts_.of(7);
  ASSERT_EQ(counts.by_variant.size(), LinkCounts::kVariantsCountedMax + 1);
  EXPECT_EQ(counts.by_variant.back().key, kOtherVariants);
  EXPECT_EQ(counts.by_variant.back().clicks.all(), 100 - LinkCounts::kVariantsCountedMax);
}

TEST_F(ClickCountsTest, have_clicks_of_before_under_their_day_or_none) {
  const Day day = *day_named("2019-08-24");
  import_clicks({.link = 7, .days = {{.day = day, .by_visitor = {5, 2}}, {.by_visitor = {3, 0}}, {.day = day}}});
  import_clicks({.link = 7, .days = {{.day = day, .by_visitor = {1, 0}}}});
  EXPECT_FALSE(counts_.of(7)->was_followed_here());
  click({.link = 7, .country = {'D', 'E'}, .referrer = "news.example", .visitor_hash = 5});
  const LinkCounts& counts = *counts_.of(7);
  EXPECT_EQ(counts.total, (Tally{.by_visitor = {10, 2}}));
  EXPECT_EQ(counts.imported, (Tally{.by_visitor = {9, 2}}));
  EXPECT_EQ(counts.imported_without_day, (Tally{.by_visitor = {3, 0}}));
  EXPECT_EQ(counts.by_time.days().at(day), (Tally{.by_visitor = {6, 2}}));
  EXPECT_EQ(counts.without_visitor_hash, 9U);
  EXPECT_EQ(counts.visitors.estimate(), 1U);
  EXPECT_EQ(counts.first_at, kMorning);
  EXPECT_EQ(counts_.total(), counts.total);
  expect_sums(counts);
}

TEST_F(ClickCountsTest, agree_with_each_other_whatever_comes) {
  Prng random(1);
  const auto any = [&](auto value) {
    return static_cast<decltype(value)>(random.below(static_cast<uint64_t>(last_of(value)) + 1));
  };
  for (int i = 0; i < 3'000; ++i) {
    const std::string referrer = random.chance(10) ? "" : "site" + std::to_string(random.below(1'000)) + ".example";
    click({.link = 1,
           .visitor = any(Visitor()),
           .device = any(DeviceClass()),
           .country = {'A', static_cast<char>('A' + random.below(26))},
           .referrer = std::string_view(referrer),
           .browser = any(Browser()),
           .system = any(System()),
           .visitor_hash = random.below(100),
           .variant = static_cast<uint32_t>(random.below(4))},
          kMorning + Duration::seconds(static_cast<int64_t>(random.below(10'000'000))));
  }
  EXPECT_EQ(counts_.of(1)->referrers.counters().size(), SpaceSaving::kCountersMax);
  expect_sums(*counts_.of(1));
}

TEST_F(ClickCountsTest, are_the_same_when_they_were_saved) {
  click({.link = 7, .country = {'D', 'E'}, .referrer = "news.example", .browser = Browser::kEdge, .visitor_hash = 5});
  for (const uint32_t variant : {9, 3}) click({.link = 7, .referrer = {}, .variant = variant});
  click({.link = 9, .visitor = Visitor::kBot, .referrer = {}}, kMorning + Duration::seconds(100'000));
  import_clicks({.link = 9, .days = {{.day = 18'000, .by_visitor = {5, 2}}, {.by_visitor = {3, 0}}}});
  platform::MemoryStore store;
  auto writer = store.write("clicks").value();
  ASSERT_TRUE(counts_.save(*writer).has_value());
  ASSERT_TRUE(writer->commit().has_value());
  ClickCounts loaded;
  ASSERT_TRUE(loaded.load(*store.read("clicks").value()).has_value());
  EXPECT_EQ(loaded.total().all(), 14U);
  for (const uint64_t link : {7, 9}) {
    std::vector<std::byte> before;
    std::vector<std::byte> after;
    ByteWriter before_writer(before);
    ByteWriter after_writer(after);
    counts_.of(link)->write(before_writer);
    loaded.of(link)->write(after_writer);
    EXPECT_EQ(before, after);
    EXPECT_EQ(loaded.of(link)->last_at, counts_.of(link)->last_at);
    expect_sums(*loaded.of(link));
  }
  for (size_t size = store.states()["clicks"][1].size() - 1; size > 8; --size) {
    store.states()["clicks"][1].resize(size);
    EXPECT_FALSE(ClickCounts().load(*store.read("clicks").value()).has_value()) << size;
  }
}

}  // namespace
}  // namespace doorbuster::links
