#include "recs/training/trainer.h"

#include <gtest/gtest.h>

#include "platform/views/memory_store.h"
#include "recs/training/training_test_helpers.h"

namespace doorbuster::recs {
namespace {

// A trainer of visits that are at hand.
class TrainerTest : public ::testing::Test {
 protected:
  void start() {
    trainer_.emplace(Trainer::Ports{.copy = [this](const std::stop_token&) { return visits_.data(); },
                                    .serve =
                                        [this](std::shared_ptr<const LearntModel> model) {
                                          const std::lock_guard lock(mutex_);
                                          served_ = std::move(model);
                                        },
                                    .interactions = [] { return uint64_t{0}; },
                                    .clock = clock_,
                                    .logger = logger_,
                                    .store = &states_},
                     Trainer::Options{.every_seconds = 0, .threads = 2});
    trainer_->start();
  }
  std::string served() {
    const std::lock_guard lock(mutex_);
    return served_ ? served_->version : "none";
  }
  template <class Condition>
  bool waits_for(const Condition& condition) {
    for (int i = 0; i < 12'000; ++i) {
      if (condition()) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return false;
  }
  ModelsReport train() {
    const size_t before = trainer_->report().attempts.size();
    trainer_->train_soon();
    EXPECT_TRUE(waits_for([&] { return trainer_->report().attempts.size() > before; }));
    return trainer_->report();
  }

  SystemClock clock_;
  ops::Logger logger_ = ops::Logger::to_stderr({.level = ops::LogLevel::kError});
  platform::MemoryStore states_;
  MadeUpVisits visits_{7};
  std::mutex mutex_;
  std::shared_ptr<const LearntModel> served_;
  std::optional<Trainer> trainer_;
};

TEST_F(TrainerTest, serves_what_it_has_learnt_also_after_a_restart_and_goes_back_when_told_to) {
  visits_.people(1'500);
  start();
  ModelsReport report = train();
  ASSERT_EQ(report.attempts[0].outcome, AttemptOutcome::kInService) << report.attempts[0].reason;
  EXPECT_EQ(served(), "learnt-1");
  EXPECT_EQ(report.in_service, "learnt-1");
  EXPECT_TRUE(trainer_->counts().trained_at);

  report = train();
  EXPECT_EQ(report.attempts[0].outcome, AttemptOutcome::kTooLittle);
  EXPECT_EQ(served(), "learnt-1");

  served_ = nullptr;
  start();
  EXPECT_EQ(served(), "learnt-1") << "before anything is learnt";
  visits_.people(1'500);
  report = train();
  ASSERT_EQ(report.attempts[0].outcome, AttemptOutcome::kInService) << report.attempts[0].reason;
  EXPECT_EQ(served(), "learnt-2");

  EXPECT_FALSE(trainer_->activate("learnt-9"));
  EXPECT_TRUE(trainer_->activate("untrained"));
  EXPECT_TRUE(trainer_->activate("learnt-1"));
  EXPECT_TRUE(waits_for([&] { return served() == "learnt-1"; }));
  start();
  EXPECT_EQ(served(), "learnt-1");
}

TEST_F(TrainerTest, counts_what_it_refuses) {
  visits_.people(1'500);
  start();
  train();
  visits_.programs(3'500);
  visits_.people(460);
  const ModelsReport report = train();
  EXPECT_EQ(report.attempts[0].outcome, AttemptOutcome::kRefused);
  EXPECT_EQ(served(), "learnt-1");
  EXPECT_EQ(trainer_->counts().refused_in_a_row, 1U);
  EXPECT_EQ(report.kept.size(), 1U);
}

TEST_F(TrainerTest, keeps_the_model_in_service_where_a_new_one_can_not_be_kept) {
  visits_.people(1'500);
  start();
  states_.refuse_writes(true);
  const ModelsReport report = train();
  EXPECT_EQ(report.attempts[0].outcome, AttemptOutcome::kFailed);
  EXPECT_EQ(served(), "none");
  EXPECT_EQ(report.in_service, "untrained");
}

TEST_F(TrainerTest, stops_while_it_learns) {
  visits_.people(60'000);
  start();
  trainer_->train_soon();
  EXPECT_TRUE(waits_for([&] { return trainer_->report().is_training; }));
  const auto began = std::chrono::steady_clock::now();
  trainer_->stop();
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(20));
  EXPECT_TRUE(trainer_->report().attempts.empty());
}

}  // namespace
}  // namespace doorbuster::recs
