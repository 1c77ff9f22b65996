#include "guard/evaluation.h"

#include <gtest/gtest.h>

#include <cmath>

namespace doorbuster::guard {
namespace {

Judged person(double chance, double weight = 1) {
  return {.chance = chance, .score = static_cast<uint8_t>(chance * 100), .is_bot = false, .weight = weight};
}
Judged bot(double chance, double weight = 1) {
  return {.chance = chance, .score = static_cast<uint8_t>(chance * 100), .is_bot = true, .weight = weight};
}

TEST(AreaUnderCurve, is_how_often_a_bot_is_above_a_person) {
  EXPECT_DOUBLE_EQ(area_under_curve({person(0.1), person(0.2), bot(0.8), bot(0.9)}), 1);
  EXPECT_DOUBLE_EQ(area_under_curve({person(0.9), bot(0.1)}), 0);
  EXPECT_DOUBLE_EQ(area_under_curve({person(0.5), bot(0.5)}), 0.5) << "what is equal counts half";
  EXPECT_DOUBLE_EQ(area_under_curve({person(0.2), person(0.6), bot(0.4), bot(0.8)}), 0.75);
  EXPECT_DOUBLE_EQ(area_under_curve({person(0.2, 3), person(0.6, 1), bot(0.4)}), 0.75) << "by weight";
}

TEST(AreaUnderCurve, says_nothing_where_there_are_not_both) {
  EXPECT_DOUBLE_EQ(area_under_curve({}), 0.5);
  EXPECT_DOUBLE_EQ(area_under_curve({person(0.2)}), 0.5);
  EXPECT_DOUBLE_EQ(area_under_curve({bot(0.2)}), 0.5);
}

TEST(Evaluation, tells_how_wrong_the_probabilities_are) {
  const Evaluation evaluation = evaluate({person(0.25), bot(0.25), bot(1.0)}, usual_scorecard());
  EXPECT_NEAR(evaluation.log_loss, (std::log(4.0 / 3) + std::log(4.0)) / 3, 1e-5);
  EXPECT_DOUBLE_EQ(evaluation.bins[2].weight, 2);
  EXPECT_DOUBLE_EQ(evaluation.bins[2].chance, 0.25);
  EXPECT_DOUBLE_EQ(evaluation.bins[2].bots, 0.5);
  EXPECT_DOUBLE_EQ(evaluation.bins[9].bots, 1);
  EXPECT_DOUBLE_EQ(evaluation.bins[0].weight, 0);
}

TEST(Evaluation, tells_what_would_have_been_done_to_whom) {
  const Evaluation evaluation = evaluate({person(0.1, 3), person(0.6, 1), bot(0.6), bot(0.9)}, usual_scorecard());
  EXPECT_EQ(evaluation.of_people, (VerdictShares{0.75, 0.25, 0, 0, 0}));
  EXPECT_EQ(evaluation.of_bots, (VerdictShares{0, 0.5, 0.5, 0, 0}));
}

}  // namespace
}  // namespace doorbuster::guard
