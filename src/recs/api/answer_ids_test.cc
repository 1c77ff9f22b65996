#include "recs/api/answer_ids.h"

#include <gtest/gtest.h>

namespace doorbuster::recs {
namespace {

GivenAnswer answer_for(uint64_t id, uint64_t user, uint64_t session = 0) {
  GivenAnswer answer{.id = id, .items = {{.item = 3, .source = Source::kSimilar}, {.item = 4, .propensity = 0.25F}}};
  answer.hashes = {33, 44};
  answer.surface = "home";
  if (user != 0) answer.user = {.high = user, .low = user};
  if (session != 0) answer.session = {.high = session, .low = session};
  return answer;
}

TEST(GivenAnswers, say_how_an_item_stood_in_an_answer) {
  GivenAnswers given(10);
  GivenAnswer answer = answer_for(7, 1);
  answer.items[1].pool = 4;
  answer.experiment = "x";
  answer.variants = {"b"};
  given.keep(std::move(answer));
  std::vector<EventRow> rows(3);
  for (EventRow& row : rows) row.recommendation = 7;
  rows[0].item = {.high = 1, .low = 44};
  rows[1].item = {.high = 1, .low = 55};
  rows[2].item = {.high = 1, .low = 33};
  rows[2].recommendation = 8;
  attribute(rows, given);
  ASSERT_TRUE(rows[0].more);
  EXPECT_EQ(rows[0].more->surface, "home");
  EXPECT_EQ(rows[0].more->variant, "b");
  EXPECT_EQ(rows[0].more->shown,
            (ShownAs{.source = static_cast<uint8_t>(Source::kPopular), .position = 2, .pool = 4, .propensity = 0.25F}));
  EXPECT_FALSE(rows[1].more) << "the answer has no such item";
  EXPECT_FALSE(rows[2].more) << "nobody knows that answer";
}

TEST(GivenAnswers, are_forgotten_with_whom_they_were_for) {
  GivenAnswers given(10);
  given.keep(answer_for(1, 5));
  given.keep(answer_for(2, 6, 9));
  given.keep(answer_for(3, 5, 9));
  given.forget({.high = 5, .low = 5});
  EXPECT_FALSE(given.find(1));
  EXPECT_FALSE(given.find(3));
  EXPECT_TRUE(given.find(2));
  given.forget({.high = 9, .low = 9});
  EXPECT_FALSE(given.find(2));
  EXPECT_EQ(given.size(), 0U);
}

TEST(GivenAnswers, let_the_oldest_go) {
  GivenAnswers given(3);
  for (uint64_t id = 1; id <= 10; ++id) given.keep(answer_for(id, id % 2 + 1, id));
  EXPECT_EQ(given.size(), 3U);
  EXPECT_FALSE(given.find(7));
  EXPECT_TRUE(given.find(8));
  given.forget({.high = 1, .low = 1});
  EXPECT_FALSE(given.find(8));
  EXPECT_TRUE(given.find(9));
  for (uint64_t id = 11; id <= 20; ++id) given.keep(answer_for(id, 1));
  EXPECT_EQ(given.size(), 3U);
  EXPECT_TRUE(given.find(20));
}

}  // namespace
}  // namespace doorbuster::recs
