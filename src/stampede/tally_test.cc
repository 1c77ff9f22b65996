#include "stampede/tally.h"

#include <gtest/gtest.h>

namespace doorbuster::stampede {
namespace {

constexpr Timestamp kNow = Timestamp::from_micros(1'700'000'000'000'000);

Answer answer_of(uint32_t status, Duration after, std::optional<Duration> retry_after = {}) {
  return {.status = status, .retry_after = retry_after, .sent_at = kNow, .at = kNow + after};
}

TEST(JainIndex, is_one_where_all_are_equal_and_a_share_of_one_where_one_has_all) {
  EXPECT_DOUBLE_EQ(jain_index({0.4, 0.4, 0.4}), 1);
  EXPECT_DOUBLE_EQ(jain_index({0, 0, 0, 0.7}), 0.25);
  EXPECT_DOUBLE_EQ(jain_index({1, 0.5}), 0.9);
  EXPECT_DOUBLE_EQ(jain_index({}), 1);
  EXPECT_DOUBLE_EQ(jain_index({0, 0}), 1);
}

TEST(Quantile, is_the_nearest_rank) {
  std::vector<double> values = {5, 1, 4, 2, 3};
  EXPECT_EQ(quantile_of(values, 0.5), 3);
  EXPECT_EQ(quantile_of(values, 0.99), 5);
  EXPECT_EQ(quantile_of(values, 0), 1);
  std::vector<double> none;
  EXPECT_EQ(quantile_of(none, 0.5), 0);
}

TEST(Tally, counts_answers_by_status_and_by_cohort) {
  Tally tally(2, 3);
  tally.answered(0, answer_of(201, Duration::millis(10)), kNow);
  tally.answered(1, answer_of(429, Duration::millis(500)), kNow + Duration::millis(470));
  tally.answered(1, answer_of(201, Duration::seconds(2)), kNow + Duration::millis(1'980));
  EXPECT_EQ(tally.statuses(), (std::map<uint32_t, uint64_t>{{201, 2}, {429, 1}}));
  EXPECT_EQ(tally.of(1).requests, 2U);
  EXPECT_EQ(tally.of(1).refusals, 1U);
  EXPECT_EQ(tally.answers(), 3U);
  EXPECT_DOUBLE_EQ(tally.answers_per_second(), 1.5) << "from when the first was meant to be sent";
  EXPECT_DOUBLE_EQ(tally.latency_ms(0.5), 20);
}

TEST(Tally, takes_a_503_with_retry_after_for_no_error_and_silence_for_one) {
  Tally tally(1, 1);
  tally.answered(0, answer_of(503, Duration(), Duration::seconds(1)), kNow);
  EXPECT_EQ(tally.server_errors(), 0U);
  tally.answered(0, answer_of(503, Duration()), kNow);
  tally.answered(0, answer_of(500, Duration(), Duration::seconds(1)), kNow);
  tally.answered(0, answer_of(0, Duration()), kNow);
  EXPECT_EQ(tally.server_errors(), 3U);
}

TEST(Tally, knows_what_went_out_later_than_it_was_meant_to) {
  Tally tally(1, 1);
  tally.answered(0, answer_of(200, Duration()), kNow - Duration::millis(900));
  EXPECT_EQ(tally.sent_late_ratio(), 0);
  tally.answered(0, answer_of(200, Duration()), kNow - Duration::millis(1'100));
  EXPECT_EQ(tally.sent_late_ratio(), 0.5);
}

TEST(Tally, finds_the_ten_seconds_with_most_answers) {
  Tally tally(1, 1);
  const auto at_second = [&](int64_t second) {
    Answer answer = answer_of(200, Duration());
    answer.at = answer.sent_at = kNow + Duration::seconds(second);
    tally.answered(0, answer, answer.sent_at);
  };
  for (int64_t second = 0; second < 30; ++second) at_second(second);
  for (int i = 0; i < 50; ++i) at_second(12);
  EXPECT_EQ(tally.answers_per_second_busiest(), 6);
}

TEST(Tally, keeps_of_each_client_the_longest_wait) {
  Tally tally(1, 3);
  tally.waited(0, Duration::millis(5));
  tally.waited(0, Duration::millis(3));
  tally.refused_for_good(1);
  tally.waited(1, Duration::millis(3));
  EXPECT_EQ(tally.longest_waits(), (std::vector<Duration>{Duration::millis(5), Tally::kForGood, Duration()}));
}

TEST(Tally, knows_what_thieves_gained) {
  Tally tally(1, 1);
  tally.tricked("a", false, false);
  tally.tricked("a", true, false);
  EXPECT_EQ(tally.stolen_units(), 0U);
  tally.tricked("b", true, true);
  EXPECT_EQ(tally.stolen_units(), 1U);
  EXPECT_EQ(tally.tricks().find("a")->second.tries, 2U);
}

}  // namespace
}  // namespace doorbuster::stampede
