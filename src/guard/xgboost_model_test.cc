#include "guard/xgboost_model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <numeric>
#include <thread>

#include "guard/training_test_fixture.h"

namespace doorbuster::guard {
namespace {

using ::testing::HasSubstr;

std::string refusal(const std::string& content) {
  const auto model = XgboostModel::read(content, "m.json");
  return model ? "" : model.error().message;
}

std::string replaced(std::string content, const std::string& what, const std::string& by) {
  return content.replace(content.find(what), what.size(), by);
}

size_t threads_of_this_process() {
  const std::filesystem::directory_iterator tasks("/proc/self/task");
  return static_cast<size_t>(std::distance(begin(tasks), end(tasks)));
}

Evidence evidence_of(bool is_bot, uint64_t seed) {
  Prng random(seed);
  return {.signals = {}, .features = features_of(is_bot, random)};
}

TEST(XgboostModel, tells_bots_from_people) {
  const auto model = XgboostModel::read(quick_training().model, "m.json").value();
  int right = 0;
  for (uint64_t seed = 1; seed <= 100; ++seed) {
    right += *model->chance_of_bot(evidence_of(true, seed).features) > 0.5F ? 1 : 0;
    right += *model->chance_of_bot(evidence_of(false, seed).features) < 0.5F ? 1 : 0;
  }
  EXPECT_GT(right, 170);
}

TEST(XgboostModel, has_the_cards_reasons_and_a_score_of_its_own) {
  const auto model = XgboostModel::read(quick_training().model, "m.json").value();
  Evidence evidence = evidence_of(true, 4);
  evidence.signals.add(Signal::kNoPage);
  evidence.signals.add(Signal::kDataCentre);
  const Score score = model->score(evidence, usual_scorecard());
  EXPECT_EQ(score.hundredths, std::lround(*model->chance_of_bot(evidence.features) * 100));
  EXPECT_EQ(score.reasons, (std::array{Signal::kDataCentre, Signal::kNoPage, Signal::kNone}));
}

TEST(XgboostModel, says_what_each_feature_adds) {
  const auto model = XgboostModel::read(quick_training().model, "m.json").value();
  const Features features = evidence_of(true, 4).features;
  const auto added = model->contributions(features).value();
  const float log_odds = std::accumulate(added.begin(), added.end(), 0.0F);
  EXPECT_NEAR(1 / (1 + std::exp(-log_odds)), *model->chance_of_bot(features), 1e-4);
}

TEST(XgboostModel, says_the_same_on_many_threads_at_once_and_starts_none) {
  const size_t threads_before = threads_of_this_process();
  const auto model = XgboostModel::read(quick_training().model, "m.json").value();
  std::vector<float> expected;
  for (uint64_t seed = 0; seed < 200; ++seed)
    expected.push_back(*model->chance_of_bot(evidence_of(seed % 2 == 0, seed).features));
  EXPECT_EQ(threads_of_this_process(), threads_before) << "neither reading nor asking leaves one";
  std::atomic<int> wrong{0};
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&] {
        for (uint64_t seed = 0; seed < expected.size(); ++seed) {
          if (model->chance_of_bot(evidence_of(seed % 2 == 0, seed).features) != expected[seed]) ++wrong;
        }
      });
    }
  }
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(threads_of_this_process(), threads_before);
}

TEST(XgboostModel, refuses_what_is_no_model_of_ours) {
  const std::string& good = quick_training().model;
  EXPECT_EQ(refusal(good), "");
  EXPECT_THAT(refusal(""), HasSubstr("the model 'm.json' can't be used: libxgboost says: "));
  EXPECT_THAT(refusal("no model"), HasSubstr("libxgboost says: "));
  EXPECT_THAT(refusal("{\"learner\":{}}"), HasSubstr("libxgboost says: "));
  EXPECT_THAT(refusal(good.substr(0, good.size() / 2)), HasSubstr("libxgboost says: "));
  EXPECT_THAT(refusal(replaced(good, "\"page_keys\"", "\"page_kies\"")),
              HasSubstr("it was trained on other features than this build has: feature 33 is 'page_kies', not "
                        "'page_keys'. Train it again"));
  EXPECT_THAT(refusal(replaced(good, "\"binary:logistic\"", "\"reg:squarederror\"")),
              HasSubstr("its objective is 'reg:squarederror', and has to be 'binary:logistic'"));
  EXPECT_THAT(XgboostModel::load("/no/such/model.json").error().message,
              HasSubstr("the model '/no/such/model.json' can't be read"));
}

}  // namespace
}  // namespace doorbuster::guard
