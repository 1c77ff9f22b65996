#include "guard/decision_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "guard/labelled_decisions.h"

namespace doorbuster::guard {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class DecisionLogTest : public ::testing::Test {
 protected:
  ~DecisionLogTest() override {
    std::filesystem::remove(path_);
    std::filesystem::remove(path_ + ".1");
  }

  static Decision decision(uint64_t who) {
    Decision made{.at = Timestamp::from_micros(1'700'000'000'000'000),
                  .scope = "drop",
                  .who = who,
                  .score = 65,
                  .reasons = {Signal::kNoAccount, Signal::kNoBrowser},
                  .verdict = Verdict::kDelay,
                  .features = {}};
    made.features.set(Fact::kAddressSessions, 3);
    return made;
  }
  static std::string content(const std::string& path) {
    std::stringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
  }
  static size_t lines(const std::string& path) { return static_cast<size_t>(std::ranges::count(content(path), '\n')); }

  const std::string path_ = std::filesystem::path(::testing::TempDir()) /
                            (std::string(::testing::UnitTest::GetInstance()->current_test_info()->name()) + ".jsonl");
};

TEST_F(DecisionLogTest, writes_a_line_that_says_who_what_and_why) {
  {
    DecisionLog::open(path_).value()->note(decision(0x0123456789abcdef));
  }
  const std::string line = content(path_);
  EXPECT_THAT(line, StartsWith("{\"time\":\"2023-11-14T22:13:20.000Z\",\"action\":\"join\",\"scope\":\"drop\","
                               "\"who\":\"0123456789abcdef\",\"by\":\"scorecard\",\"mode\":\"enforce\",\"score\":0.65,"
                               "\"reasons\":[\"no_account\",\"no_browser\"],\"verdict\":\"delay\",\"features\":{"
                               "\"no_account\":0,"));
  EXPECT_THAT(line, HasSubstr("\"account_age_days\":null,"));
  EXPECT_THAT(line, HasSubstr("\"address_sessions\":3,"));
  EXPECT_EQ(std::filesystem::status(path_).permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

TEST_F(DecisionLogTest, writes_what_training_reads) {
  {
    DecisionLog::open(path_).value()->note(decision(7));
  }
  std::ifstream log(path_);
  LabelledDecisions decisions;
  const auto read = read_decisions(log, path_, {.is_bot = {{7, true}}, .simulated_by = ""}, decisions);
  ASSERT_TRUE(read.has_value()) << read.error().message;
  ASSERT_EQ(decisions.samples.size(), 1U);
  EXPECT_TRUE(decisions.samples[0].is_bot);
  EXPECT_EQ(decisions.samples[0].features.of(Fact::kAddressSessions), 3);
  EXPECT_EQ(decisions.first, Timestamp::from_micros(1'700'000'000'000'000));
}

TEST_F(DecisionLogTest, loses_and_counts_what_does_not_fit) {
  const auto log = DecisionLog::open(path_, 4).value();
  for (uint64_t i = 0; i < 4'000; ++i) log->note(decision(i));
  while (log->written() + log->lost() < 4'000) std::this_thread::yield();
  EXPECT_GE(log->lost(), 3'000U);
  EXPECT_EQ(lines(path_), log->written());
}

TEST_F(DecisionLogTest, goes_on_in_a_new_file_when_the_old_one_was_renamed) {
  const auto log = DecisionLog::open(path_).value();
  log->note(decision(1));
  while (log->written() < 1) std::this_thread::yield();
  std::filesystem::rename(path_, path_ + ".1");
  ASSERT_TRUE(log->reopen().has_value());
  log->note(decision(2));
  while (log->written() < 2) std::this_thread::yield();
  EXPECT_EQ(lines(path_), 1U);
  EXPECT_THAT(content(path_ + ".1"), Not(HasSubstr("0000000000000002")));
}

TEST_F(DecisionLogTest, ends_a_line_that_a_crash_has_torn) {
  std::ofstream(path_) << "{\"time\":";
  {
    DecisionLog::open(path_).value()->note(decision(1));
  }
  EXPECT_THAT(content(path_), StartsWith("{\"time\":\n{\"time\":"));
}

TEST_F(DecisionLogTest, says_when_there_is_no_place_for_it) {
  const auto log = DecisionLog::open(path_ + "/no/such/folder");
  ASSERT_FALSE(log.has_value());
  EXPECT_THAT(log.error().message, HasSubstr("guard.decision_log"));
}

TEST_F(DecisionLogTest, loses_and_counts_what_the_disk_does_not_take) {
  const auto log = DecisionLog::open("/dev/full").value();
  log->note(decision(1));
  while (log->lost() < 1) std::this_thread::yield();
  EXPECT_EQ(log->written(), 0U);
}

}  // namespace
}  // namespace doorbuster::guard
