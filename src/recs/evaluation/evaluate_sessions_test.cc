#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "base/prng.h"
#include "recs/evaluation/evaluation.h"

namespace doorbuster::recs {
namespace {

using ::testing::HasSubstr;

// Sessions that go round a ring of items, mostly.
class EvaluateSessions : public ::testing::Test {
 protected:
  EvaluateSessions() {
    Prng prng(1);
    std::ofstream train(options_.train), test(options_.test);
    for (int i = 0; i < 1'500; ++i) train << words(prng, 2 + prng.below(4)) << '\n';
    for (int i = 0; i < 300; ++i) {
      const uint64_t item = prng.below(50);
      test << 'i' << item << '\t' << 'i' << (item + 1) % 50 << '\n';
    }
    test << "i1 unheard-of\ti2\nunheard-of\talso-unheard-of\n";
  }
  ~EvaluateSessions() override {
    std::filesystem::remove(options_.train);
    std::filesystem::remove(options_.test);
  }

  static std::string words(Prng& prng, uint64_t count) {
    std::string text;
    for (uint64_t item = prng.below(50); count > 0; --count, item = prng.chance(8) ? prng.below(50) : (item + 1) % 50)
      text += (text.empty() ? "i" : " i") + std::to_string(item);
    return text;
  }

  static double number_of(const std::string& json, const std::string& key, size_t from = 0) {
    const size_t at = json.find("\"" + key + "\":", from);
    return at == std::string::npos ? -1 : std::stod(json.substr(at + key.size() + 3));
  }

  EvaluationOptions options_{.train = ::testing::TempDir() + "train_" + std::to_string(getpid()),
                             .test = ::testing::TempDir() + "test_" + std::to_string(getpid())};
};

TEST_F(EvaluateSessions, measures_the_blend_beside_each_source_alone) {
  const auto json = evaluate_sessions(options_);
  ASSERT_TRUE(json.has_value()) << json.error().message;
  EXPECT_EQ(number_of(*json, "cases"), 302);
  EXPECT_GT(number_of(*json, "hit_rate@20"), 0.95);
  const size_t sources = json->find("\"single_sources\"");
  ASSERT_NE(sources, std::string::npos);
  for (const std::string source : {"popularity", "next", "neighbours", "second_hop", "reminders", "embeddings"}) {
    const size_t at = json->find("\"" + source + "\":", sources);
    ASSERT_NE(at, std::string::npos) << source;
    EXPECT_LE(number_of(*json, "mrr@20", at), number_of(*json, "mrr@20") + 0.02) << source;
  }
  const size_t reminders = json->find("\"reminders\":", sources);
  EXPECT_LT(number_of(*json, "hit_rate@20", reminders), 0.05) << "nothing comes twice in this test";
  EXPECT_GT(number_of(*json, "peak_memory_mib"), 1);
}

TEST_F(EvaluateSessions, prints_the_same_on_any_number_of_threads) {
  const auto without_costs = [](const std::string& json) { return json.substr(0, json.find("\"learning_seconds\"")); };
  options_.threads = 1;
  const auto one = evaluate_sessions(options_);
  options_.threads = 3;
  const auto three = evaluate_sessions(options_);
  ASSERT_TRUE(one.has_value() && three.has_value());
  EXPECT_EQ(without_costs(*one), without_costs(*three));
}

TEST_F(EvaluateSessions, says_which_file_it_can_not_read) {
  options_.test += ".not-there";
  EXPECT_THAT(evaluate_sessions(options_).error().message, HasSubstr(options_.test));
}

}  // namespace
}  // namespace doorbuster::recs
