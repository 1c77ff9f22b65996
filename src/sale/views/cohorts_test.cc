#include "sale/views/cohorts.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace doorbuster::sale {
namespace {

constexpr SaleNumber kSale{0};
constexpr Assessment kPhone = {
    .score = 5, .network = NetworkClass::kMobile, .device = DeviceClass::kPhone, .country = {'D', 'E'}};
constexpr Assessment kBot = {
    .score = 95, .network = NetworkClass::kDataCentre, .device = DeviceClass::kTool, .country = {'U', 'S'}};

class CohortsTest : public ::testing::Test {
 protected:
  template <class Event>
  void tell(const Event& event) {
    cohorts_.on(event, EventPlace{CellId(), Sequence(++sequence_), Timestamp(), traces_});
  }
  // Gives the entry's slot.
  uint32_t join(const Assessment& assessment) {
    tell(Joined{.sale = kSale, .entry = {slots_, 0}, .position = slots_ + 1, .assessment = assessment});
    return slots_++;
  }
  void offer(uint32_t slot) { tell(Offered{.sale = kSale, .entry = {slot, 0}}); }
  void sell(uint32_t slot) {
    offer(slot);
    tell(Held{.sale = kSale, .hold = {slot, 0}, .entry = EntryNumber{slot, 0}});
    tell(PaymentSucceeded{.sale = kSale, .hold = {slot, 0}, .attempt = 1});
  }
  // So many of the one kind, of whom the first so many are offered a unit.
  void come(uint32_t count, const Assessment& assessment, uint32_t offers) {
    for (uint32_t i = 0; i < count; ++i) {
      const uint32_t slot = join(assessment);
      if (i < offers) offer(slot);
    }
  }
  [[nodiscard]] CohortDimension by(std::string_view name) const {
    const auto dimensions = dimensions_of(cohorts_.of(kSale));
    return *std::ranges::find(dimensions, name, &CohortDimension::name);
  }

  Cohorts cohorts_;
  platform::TraceIndex traces_;
  uint64_t sequence_ = 0;
  uint32_t slots_ = 0;
};

TEST_F(CohortsTest, count_who_came_was_offered_and_bought_by_what_was_said_of_them) {
  sell(join(kPhone));
  offer(join(kPhone));
  const uint32_t bot = join(kBot);
  tell(EntryRemoved{.sale = kSale, .entry = {bot, 0}});
  const Cohort phones{.entries = 2, .gone = 0, .offered = 2, .sold = 1};
  const Cohort bots{.entries = 1, .gone = 1, .offered = 0, .sold = 0};
  const SaleCohorts found = cohorts_.of(kSale);
  EXPECT_EQ(found.by_score[0], phones);
  EXPECT_EQ(found.by_score[9], bots);
  EXPECT_EQ(found.by_network[static_cast<size_t>(NetworkClass::kMobile)], phones);
  EXPECT_EQ(found.by_device[static_cast<size_t>(DeviceClass::kTool)], bots);
  EXPECT_EQ(found.by_country.at({'D', 'E'}), phones);
  EXPECT_EQ(found.entries, 3U);
  EXPECT_EQ(found.entry_score, 105U);
  EXPECT_EQ(found.units, 1U);
  EXPECT_EQ(found.unit_score, 5U);
}

TEST_F(CohortsTest, count_who_is_delayed_and_who_takes_part_in_a_draw) {
  tell(Enrolled{.sale = kSale, .entry = {0, 0}, .arrival = 1, .assessment = kPhone});
  tell(JoinDelayed{.sale = kSale, .entry = {1, 0}, .assessment = kBot});
  EXPECT_EQ(cohorts_.of(kSale).entries, 2U);
}

TEST_F(CohortsTest, know_nothing_of_whom_nobody_looked_at) {
  sell(join({}));
  EXPECT_EQ(cohorts_.of(kSale).entries, 0U);
  EXPECT_EQ(cohorts_.of(kSale).units, 0U);
  EXPECT_TRUE(by("network").cohorts.empty());
}

TEST_F(CohortsTest, who_gave_up_an_offer_has_had_one) {
  const uint32_t slot = join(kPhone);
  offer(slot);
  tell(EntryLeft{.sale = kSale, .entry = {slot, 0}});
  EXPECT_EQ(cohorts_.of(kSale).by_score[0], (Cohort{.entries = 1, .gone = 0, .offered = 1, .sold = 0}));
}

TEST_F(CohortsTest, of_the_same_chances_are_even_and_no_surprise) {
  come(100, kPhone, 20);
  come(200, kBot, 40);
  EXPECT_DOUBLE_EQ(*by("network").jain, 1);
  EXPECT_DOUBLE_EQ(*by("network").p, 1);
  EXPECT_EQ(by("network").cohorts.size(), 2U);
}

// 40 of 100 and 20 of 200, of 60 in 300: differences of 20 from 20 and 80, and from 40 and 160, squared: 20 + 5 + 10 +
// 2.5 = 37.5 with one degree of freedom, of which chance makes as much in one of a billion cases. Jain's index of 0.4
// and 0.1 is 0.25 / (2 * 0.17).
TEST_F(CohortsTest, of_other_chances_are_uneven_and_not_by_chance) {
  come(100, kPhone, 40);
  come(200, kBot, 20);
  EXPECT_DOUBLE_EQ(*by("network").jain, 0.25 / 0.34);
  EXPECT_NEAR(*by("network").p, 9.14e-10, 0.01e-10);
}

TEST_F(CohortsTest, that_are_small_are_compared_together_or_not_at_all) {
  come(3, {.score = 5, .device = DeviceClass::kTablet}, 3);
  EXPECT_FALSE(by("device").p.has_value()) << "all were offered a unit";
  come(100, kPhone, 50);
  EXPECT_FALSE(by("device").p.has_value()) << "three are too few to be compared with";
  come(100, kBot, 50);
  EXPECT_TRUE(by("device").p.has_value());
  EXPECT_EQ(by("device").cohorts.size(), 3U) << "and are shown all the same";
}

TEST_F(CohortsTest, of_many_countries_the_most_frequent_are_named) {
  for (uint32_t i = 0; i < 40; ++i) {
    const Country country = {static_cast<char>('A' + i / 26), static_cast<char>('A' + i % 26)};
    come(1 + i, {.score = 1, .country = country}, 0);
  }
  const auto countries = by("country").cohorts;
  ASSERT_EQ(countries.size(), kCountriesShown + 1);
  EXPECT_EQ(countries.front().counts.entries, 40U);
  EXPECT_EQ(countries.back().name, "other");
  EXPECT_EQ(countries.back().counts.entries, 36U) << "1 to 8";
}

}  // namespace
}  // namespace doorbuster::sale
