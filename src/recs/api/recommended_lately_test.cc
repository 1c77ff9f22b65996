#include "recs/api/recommended_lately.h"

#include <gtest/gtest.h>

namespace doorbuster::recs {
namespace {

constexpr int64_t kDay = 86'400;

Timestamp day(int64_t number) { return Timestamp::from_micros(0) + Duration::seconds(number * kDay); }

// 200 items: number 0 was looked at by 30 users, each other by nobody; the last 20 are new on day 100.
class RecommendedLatelyTest : public testing::Test {
 protected:
  RecommendedLatelyTest() {
    for (uint32_t item = 0; item < 200; ++item) {
      const std::string name = "item-" + std::to_string(item);
      const Timestamp at = item < 180 ? day(1) : day(95);
      tables_.note(ItemNamed{.item = item, .hash = {.high = item + 1, .low = 7}, .name = name}, at);
    }
    for (uint32_t user = 0; user < 30; ++user) {
      tables_.note(VisitorNamed{.kind = VisitorKind::kUser, .visitor = user, .hash = {.high = user + 1, .low = 9}},
                   day(96));
      Interaction view{};
      view.kind = EventKind::kView;
      view.item = 0;
      view.user = user;
      view.session = kNobody;
      view.at = day(96);
      tables_.note(view, day(96));
    }
  }

  void answered(uint64_t id, const std::vector<uint32_t>& items, Source source) {
    GivenAnswer answer{.id = id, .at = day(90) + Duration::seconds(static_cast<int64_t>(id))};
    for (const uint32_t item : items) answer.items.push_back({.item = item, .source = source});
    given_.keep(std::move(answer));
  }

  RecsTables tables_{100};
  GivenAnswers given_{10};
};

TEST_F(RecommendedLatelyTest, before_the_first_answer_there_is_the_catalogue_alone) {
  const auto lately = recommended_lately(tables_, given_, day(100));
  EXPECT_EQ(lately.answers, 0U);
  EXPECT_FALSE(lately.since);
  EXPECT_EQ(lately.items_shown, 200U);
  EXPECT_EQ(lately.coverage(), 0);
  EXPECT_DOUBLE_EQ(lately.new_share_of_items, 0.1);
  EXPECT_DOUBLE_EQ(lately.popular_share_of_interactions, 1);
}

TEST_F(RecommendedLatelyTest, places_are_counted_by_what_stands_there) {
  answered(1, {0, 1, 2, 190}, Source::kPopular);
  answered(2, {0, 3}, Source::kAlsoViewed);
  const auto lately = recommended_lately(tables_, given_, day(100));
  EXPECT_EQ(lately.answers, 2U);
  EXPECT_EQ(lately.since, day(90) + Duration::seconds(1));
  EXPECT_EQ(lately.places, 6U);
  EXPECT_EQ(lately.items, 5U);
  EXPECT_DOUBLE_EQ(lately.coverage(), 5.0 / 200);
  EXPECT_DOUBLE_EQ(lately.new_share, 1.0 / 6);
  EXPECT_EQ(lately.by_source[static_cast<size_t>(Source::kPopular)], 4U);
  EXPECT_EQ(lately.by_source[static_cast<size_t>(Source::kAlsoViewed)], 2U);
  EXPECT_GE(lately.popular_share, 2.0 / 6) << "item 0 has two of the six places";
}

TEST_F(RecommendedLatelyTest, what_is_not_remembered_any_more_does_not_count) {
  for (uint64_t id = 1; id <= 15; ++id) answered(id, {static_cast<uint32_t>(id)}, Source::kNewest);
  const auto lately = recommended_lately(tables_, given_, day(100));
  EXPECT_EQ(lately.answers, 10U);
  EXPECT_EQ(lately.items, 10U);
  EXPECT_EQ(lately.since, day(90) + Duration::seconds(6));
}

}  // namespace
}  // namespace doorbuster::recs
