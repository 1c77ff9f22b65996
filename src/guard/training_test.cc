#include "guard/training.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "guard/model_card.h"
#include "guard/training_test_fixture.h"

namespace doorbuster::guard {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string card_of(const std::string& simulated_by) {
  LabelledDecisions decisions;
  decisions.samples = made_up_samples(10, 10);
  decisions.unlabelled = 5;
  return write_model_card({.model = "m.json",
                           .logs = "d.jsonl",
                           .labels = "l.csv",
                           .labels_from = "a test",
                           .policy = "drop",
                           .training = kQuickTraining},
                          {.is_bot = {}, .simulated_by = simulated_by}, decisions, quick_training());
}

TEST(Training, finds_what_the_card_does_not_look_at) {
  const Training& training = quick_training();
  EXPECT_GT(training.by_model.auc, 0.95);
  EXPECT_LT(training.by_card.auc, 0.6) << "who has an account is no hint here";
  EXPECT_LT(training.by_model.log_loss, training.log_loss_of_mix);
  EXPECT_EQ(training.held_out.people, 75U);
  EXPECT_EQ(training.trained.bots, 225U);
  ASSERT_GE(training.gains.size(), 2U);
  EXPECT_THAT((std::vector{training.gains[0].feature, training.gains[1].feature}),
              ::testing::UnorderedElementsAre("account_age_days", "page_moves"));
}

TEST(Training, makes_the_same_file_of_the_same_decisions) {
  const Training again = train(made_up_samples(300, 300), usual_scorecard(), kQuickTraining).value();
  EXPECT_EQ(again.model, quick_training().model);
  EXPECT_EQ(again.by_model.auc, quick_training().by_model.auc);
  TrainingOptions other = kQuickTraining;
  other.seed = 2;
  EXPECT_NE(train(made_up_samples(300, 300), usual_scorecard(), other)->model, again.model) << "others are held out";
}

TEST(Training, needs_enough_people_and_enough_bots) {
  EXPECT_THAT(train(made_up_samples(49, 100), usual_scorecard(), kQuickTraining).error().message,
              HasSubstr("49 people and 100 bots"));
  EXPECT_FALSE(train(made_up_samples(100, 49), usual_scorecard(), kQuickTraining).has_value());
  EXPECT_TRUE(train(made_up_samples(50, 50), usual_scorecard(), kQuickTraining).has_value());
}

TEST(ModelCard, says_what_a_model_was_trained_on_and_how_well_it_does) {
  const std::string card = card_of("");
  EXPECT_THAT(card, HasSubstr("| where the labels came from | a test |"));
  EXPECT_THAT(card, HasSubstr("| held out | 75 people, 75 bots |"));
  EXPECT_THAT(card, HasSubstr("30 trees of depth 3, seed 1"));
  EXPECT_THAT(card, HasSubstr("| challenge |"));
  EXPECT_THAT(card, HasSubstr("| `page_moves` |"));
  EXPECT_THAT(card, HasSubstr("where 50.0 % are bots"));
  EXPECT_THAT(card, Not(HasSubstr("simulation")));
  EXPECT_THAT(card, Not(HasSubstr("Keep the scorecard")));
}

TEST(ModelCard, says_before_all_else_that_labels_are_from_a_simulation) {
  const std::string card = card_of("doorbuster stampede, a title, seed 3");
  EXPECT_LT(card.find("**Labels and traffic are from a simulation** (doorbuster stampede, a title, seed 3)"),
            card.find("##"));
}

}  // namespace
}  // namespace doorbuster::guard
