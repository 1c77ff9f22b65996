#include "links/views/click_counts.h"

#include <gtest/gtest.h>

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
  // The sums that have to agree.
  static void expect_sums(const LinkCounts& counts) {
    uint64_t days = 0;
    uint64_t countries = 0;
    uint64_t referrers = counts.other_referrers;
    for (const auto& [day, tally] : counts.by_day) days += tally.all();
    for (const auto& [country, count] : counts.by_country) countries += count;
    for (const auto& [referrer, count] : counts.by_referrer) referrers += count;
    EXPECT_EQ(days, counts.total.all());
    EXPECT_EQ(countries, counts.total.all());
    EXPECT_EQ(referrers, counts.total.all());
  }

  platform::TraceIndex traces_{16};
  LinksMachine machine_;
  ClickCounts counts_;
};

TEST_F(ClickCountsTest, count_by_visitor_day_country_and_referrer) {
  click({.link = 7, .country = {'D', 'E'}, .referrer = "news.example"});
  click({.link = 7, .visitor = Visitor::kBot, .country = {'D', 'E'}, .referrer = {}});
  click({.link = 7, .country = {'F', 'R'}, .referrer = "news.example"}, kMorning + Duration::seconds(86'400));
  click({.link = 8, .referrer = {}});
  const LinkCounts& counts = *counts_.of(7);
  EXPECT_EQ(counts.total.by_visitor, (std::array<uint64_t, 2>{2, 1}));
  EXPECT_EQ(counts.by_day.at(*day_named("2026-11-27")).all(), 2U);
  EXPECT_EQ(counts.by_day.at(*day_named("2026-11-28")).all(), 1U);
  EXPECT_EQ(counts.by_country.at({'D', 'E'}), 2U);
  EXPECT_EQ(counts.by_referrer.at("news.example"), 2U);
  EXPECT_EQ(counts.by_referrer.at(""), 1U);
  EXPECT_EQ(counts.first_at, kMorning);
  expect_sums(counts);
  EXPECT_EQ(counts_.of(9), nullptr);
  EXPECT_EQ(counts_.total().all(), 4U);
}

TEST_F(ClickCountsTest, agree_with_each_other_however_many_referrers_there_are) {
  Prng random(1);
  for (int i = 0; i < 3'000; ++i) {
    const std::string referrer = "site" + std::to_string(random.below(1'000)) + ".example";
    click({.link = 1,
           .country = {'A', static_cast<char>('A' + random.below(26))},
           .referrer = std::string_view(referrer)},
          kMorning + Duration::seconds(static_cast<int64_t>(random.below(10'000'000))));
  }
  EXPECT_EQ(counts_.of(1)->by_referrer.size(), LinkCounts::kReferrersMax);
  EXPECT_GT(counts_.of(1)->other_referrers, 0U);
  expect_sums(*counts_.of(1));
}

TEST_F(ClickCountsTest, are_the_same_when_they_were_saved) {
  click({.link = 7, .country = {'D', 'E'}, .referrer = "news.example"});
  click({.link = 9, .visitor = Visitor::kBot, .referrer = {}}, kMorning + Duration::seconds(100'000));
  platform::MemoryStore store;
  auto writer = store.write("clicks").value();
  ASSERT_TRUE(counts_.save(*writer).has_value());
  ASSERT_TRUE(writer->commit().has_value());
  ClickCounts loaded;
  ASSERT_TRUE(loaded.load(*store.read("clicks").value()).has_value());
  EXPECT_EQ(loaded.total().all(), 2U);
  EXPECT_EQ(loaded.of(7)->by_referrer, counts_.of(7)->by_referrer);
  EXPECT_EQ(loaded.of(9)->by_day.size(), 1U);
  EXPECT_EQ(loaded.of(9)->last_at, counts_.of(9)->last_at);
  store.states()["clicks"][1].resize(20);
  EXPECT_FALSE(ClickCounts().load(*store.read("clicks").value()).has_value());
}

TEST(Day, is_named_as_people_write_it) {
  EXPECT_EQ(text_of(*day_named("2026-11-27")), "2026-11-27");
  EXPECT_EQ(day_of(kMorning), *day_named("2026-11-27"));
  for (const std::string_view text : {"", "2026-13-01", "27.11.2026", "2026-11-27T10:00:00Z", "today"})
    EXPECT_EQ(day_named(text), std::nullopt) << text;
}

}  // namespace
}  // namespace doorbuster::links
