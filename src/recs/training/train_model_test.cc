#include "recs/training/train_model.h"

#include <gtest/gtest.h>

#include "recs/training/training_test_helpers.h"

namespace doorbuster::recs {
namespace {

constexpr auto kVisitKind = static_cast<size_t>(QuestionKind::kVisit);
constexpr auto kHistoryKind = static_cast<size_t>(QuestionKind::kHistory);
constexpr size_t kPeople = 1'500;

std::vector<std::byte> bytes_of(const LearntModel& model) {
  std::vector<std::byte> bytes;
  ByteWriter out(bytes);
  model.save(out);
  return bytes;
}

std::shared_ptr<LearntModel> learnt_from(const TrainingData& data) {
  TrainedModel trained = train_model(data, LearntModel(), {});
  EXPECT_EQ(trained.outcome, TrainingOutcome::kBetter) << trained.reason;
  if (trained.model) trained.model->version = "learnt-1";
  return trained.model;
}

TEST(TrainModel, learns_what_no_weight_by_hand_knows) {
  MadeUpVisits visits(1);
  visits.people(kPeople);
  const TrainedModel trained = train_model(visits.data(), LearntModel(), {.threads = 2});
  ASSERT_EQ(trained.outcome, TrainingOutcome::kBetter) << trained.reason;
  EXPECT_TRUE(trained.model->session.network);
  EXPECT_GT(trained.figures[kVisitKind].mrr, trained.figures_in_service[kVisitKind].mrr + 0.2);
  EXPECT_GE(trained.figures[kVisitKind].cases, kGuardCasesMin / 2);
  EXPECT_EQ(trained.model->from.visits, kPeople);
  EXPECT_EQ(trained.model->from.until, visits.data().visits.times.back());
}

TEST(TrainModel, gives_the_same_model_whatever_the_number_of_threads) {
  MadeUpVisits visits(2);
  visits.users(800, 8);
  visits.people(kPeople);
  const TrainedModel one = train_model(visits.data(), LearntModel(), {.threads = 1});
  const TrainedModel three = train_model(visits.data(), LearntModel(), {.threads = 3});
  ASSERT_TRUE(one.model && three.model) << one.reason << three.reason;
  EXPECT_EQ(bytes_of(*one.model), bytes_of(*three.model));
}

TEST(TrainModel, does_not_serve_what_has_learnt_from_programs_how_people_go_on) {
  MadeUpVisits visits(3);
  visits.people(kPeople);
  const auto in_service = learnt_from(visits.data());
  ASSERT_TRUE(in_service);
  visits.programs(3'500);
  visits.people(460);
  const TrainedModel trained = train_model(visits.data(), *in_service, {.threads = 2});
  EXPECT_EQ(trained.outcome, TrainingOutcome::kWorse);
  EXPECT_NE(trained.reason.find("worse than learnt-1 for a visit"), std::string::npos) << trained.reason;
  EXPECT_LT(trained.figures[kVisitKind].value(), trained.figures_in_service[kVisitKind].value());
}

TEST(TrainModel, says_that_there_is_too_little_where_nothing_came_since_the_model_in_service_learnt) {
  MadeUpVisits visits(4);
  visits.people(kPeople);
  const auto in_service = learnt_from(visits.data());
  ASSERT_TRUE(in_service);
  EXPECT_EQ(train_model(visits.data(), *in_service, {}).outcome, TrainingOutcome::kTooLittle);
  visits.people(kPeople);
  EXPECT_EQ(train_model(visits.data(), *in_service, {}).outcome, TrainingOutcome::kBetter);
  EXPECT_EQ(train_model(TrainingData(), LearntModel(), {}).outcome, TrainingOutcome::kTooLittle);
}

TEST(TrainModel, learns_the_tastes_of_users_without_any_visit) {
  MadeUpVisits visits(5);
  visits.users(3'000, 10);
  const TrainedModel trained = train_model(visits.data(), LearntModel(), {.threads = 2});
  ASSERT_EQ(trained.outcome, TrainingOutcome::kBetter) << trained.reason;
  EXPECT_NE(trained.model->taste.family(), TasteFamily::kNone);
  EXPECT_GE(trained.figures[kHistoryKind].value(), trained.figures_in_service[kHistoryKind].value() * 0.98);
  std::vector<float> scores(kItemsMadeUp);
  trained.model->taste.add_scores(std::vector<ItemNumber>{6, 12, 18}, scores);
  EXPECT_GT(scores[24], scores[25]) << "of the same kind";
}

TEST(TrainModel, stops_when_it_is_told_to) {
  MadeUpVisits visits(6);
  visits.people(kPeople);
  std::stop_source stop;
  stop.request_stop();
  const TrainedModel trained = train_model(visits.data(), LearntModel(), {.stop = stop.get_token()});
  EXPECT_EQ(trained.outcome, TrainingOutcome::kStopped);
  EXPECT_FALSE(trained.model);
}

}  // namespace
}  // namespace doorbuster::recs
