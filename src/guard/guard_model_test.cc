// A guard whose policy names a model, and one that keeps what it decides.
#include <sstream>
#include <thread>

#include "guard/guard_test_fixture.h"
#include "guard/training_test_fixture.h"

namespace doorbuster::guard {
namespace {

std::string with_model(const std::string& name) { return "[score]\nmodel = \"" + name + "\"\n"; }

TEST_F(GuardTest, scores_by_the_model_that_lies_beside_its_policy) {
  const ModelFile model("guard-model.json");
  EXPECT_EQ(ask("192.0.2.1", kNobody, Action::kJoin), "");
  EXPECT_EQ(assessment_->score, 65);
  reload(with_model("guard-model.json"));
  EXPECT_EQ(ask("192.0.2.1", kNobody, Action::kReserve), "");
  EXPECT_NE(assessment_->score, 65);
  EXPECT_EQ(assessment_->reasons, (std::array{Signal::kNoAccount, Signal::kNoBrowser, Signal::kNoPage}))
      << "the card's";
  reload("");
  EXPECT_EQ(ask("192.0.2.1", kNobody, Action::kJoin), "");
  EXPECT_EQ(assessment_->score, 65);
}

TEST_F(GuardTest, goes_on_as_before_when_a_model_can_not_be_used) {
  const ModelFile nonsense("guard-nonsense.json", "no model");
  for (const auto& [name, why] :
       {std::pair("guard-nonsense.json", "libxgboost says"), std::pair("not-there.json", "can't be read")}) {
    write(with_model(name));
    const auto reloaded = guard_->reload();
    ASSERT_FALSE(reloaded.has_value());
    EXPECT_THAT(reloaded.error().message, HasSubstr(name));
    EXPECT_THAT(reloaded.error().message, HasSubstr(why));
    EXPECT_EQ(ask("192.0.2.1", kNobody, Action::kJoin), "");
    EXPECT_EQ(assessment_->score, 65);
  }
}

class GuardWithLogTest : public GuardTest {
 protected:
  GuardWithLogTest() {
    guard_ =
        Guard::make({.policy = file_, .decision_log = log_, .keys = 1'000, .challenges = 16}, secret_, clock_).value();
  }
  ~GuardWithLogTest() override { std::filesystem::remove(log_); }

  // What has been written, once the guard is gone.
  std::string logged() {
    guard_.reset();
    std::stringstream text;
    text << std::ifstream(log_).rdbuf();
    return text.str();
  }

  const std::string log_ = file_ + ".jsonl";
};

TEST_F(GuardWithLogTest, logs_who_takes_something_and_nobody_who_looks) {
  const std::string agent = "User-Agent: a-secret-agent/1.0\r\n";
  EXPECT_EQ(ask("192.0.2.1", {.kind = Asker::Kind::kNew, .id = 0xabc}, Action::kJoin, agent), "");
  EXPECT_EQ(ask("192.0.2.1", session(7), Action::kPoll), "");
  EXPECT_EQ(ask("192.0.2.1", customer(8), Action::kReserve), "");
  const std::string log = logged();
  EXPECT_EQ(std::ranges::count(log, '\n'), 2);
  EXPECT_THAT(log, HasSubstr("\"action\":\"join\",\"scope\":\"drop\",\"who\":\"0000000000000abc\""));
  EXPECT_THAT(log, HasSubstr("\"score\":0.65,\"reasons\":[\"no_account\",\"no_browser\",\"no_page\"],"
                             "\"verdict\":\"delay\""));
  EXPECT_THAT(log, HasSubstr("\"action\":\"reserve\",\"scope\":\"drop\",\"who\":\"0000000000000008\""));
  EXPECT_THAT(log, ::testing::Not(HasSubstr("192.0.2"))) << "no address";
  EXPECT_THAT(log, ::testing::Not(HasSubstr("secret-agent"))) << "and no user agent";
}

TEST_F(GuardWithLogTest, opens_the_log_again_even_when_the_policy_can_not_be_used) {
  std::filesystem::rename(log_, log_ + ".1");
  write("nonsense = 1\n");
  EXPECT_FALSE(guard_->reload().has_value());
  EXPECT_EQ(ask("192.0.2.1", kNobody, Action::kJoin), "");
  EXPECT_EQ(std::ranges::count(logged(), '\n'), 1);
  std::filesystem::remove(log_ + ".1");
}

TEST_F(GuardWithLogTest, counts_what_it_has_logged) {
  EXPECT_EQ(ask("192.0.2.1", kNobody, Action::kJoin), "");
  const auto metrics = [&] {
    ops::Metrics all;
    guard_->add_metrics(all);
    return all.exposition();
  };
  while (metrics().find("doorbuster_guard_decisions_total{result=\"written\"} 1\n") == std::string::npos)
    std::this_thread::yield();
  EXPECT_THAT(metrics(), HasSubstr("doorbuster_guard_decisions_total{result=\"lost\"} 0\n"));
}

}  // namespace
}  // namespace doorbuster::guard
