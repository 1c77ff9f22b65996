// Challenges as the guard gives them, and what their solutions are good for.
#include "guard/guard_test_fixture.h"

#include <chrono>
#include <thread>

namespace doorbuster::guard {
namespace {

// Answers with what the guard's own route does.
class Asking final : public net::Handler {
 public:
  Asking(Guard& guard, const Clock& clock) : clock_(clock) { guard.add_routes(routes_); }
  void handle(const net::Request& request, net::Exchange& exchange) override {
    routes_.handle(request, exchange, clock_.now());
  }

 private:
  platform::Routes routes_;
  const Clock& clock_;
};

class GuardChallenges : public GuardTest {
 protected:
  GuardChallenges() : asking_(*guard_, clock_) {}

  std::string give(const std::string& query = "") {
    loop_.set_handler(asking_);
    const uint32_t connection = loop_.connect(net::parse_address("192.0.2.1").value());
    loop_.send(connection, "GET /api/v1/guard/challenge" + query + " HTTP/1.1\r\nHost: x\r\n\r\n");
    const std::string given = loop_.take_output(connection);
    loop_.end(connection);
    loop_.set_handler(*this);
    return given;
  }
  // The same, once there is one.
  std::string await(const std::string& query = "") {
    std::string given = give(query);
    for (int i = 0; i < 3'000 && !given.starts_with("HTTP/1.1 200 "); ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
      given = give(query);
    }
    return given;
  }
  // The header field with its solution.
  std::string solved(const std::string& given) const {
    const std::string challenge = given.substr(given.find("\r\n\r\n") + 4);
    return "Altcha: " + ChallengeSolver(secret_).solve(challenge).value().payload + "\r\n";
  }

  Asking asking_;
};

TEST_F(GuardChallenges, are_given_where_they_can_be_used) {
  const std::string given = await();
  EXPECT_THAT(given, StartsWith("HTTP/1.1 200 "));
  EXPECT_THAT(given, HasSubstr("\"algorithm\":\"SCRYPT\""));
  reload("[challenge]\nwhen = \"never\"\n[verdicts.challenge]\nfrom = 101\n");
  EXPECT_THAT(give(), StartsWith("HTTP/1.1 503 "));
}

TEST_F(GuardChallenges, are_dearer_for_suspects_and_theirs_is_what_they_have_to_solve) {
  reload(card(85, "[verdicts.delay]\nfrom = 101\n[challenge]\ncost = 4\n"));
  EXPECT_THAT(ask("192.0.2.1", kNobody, Action::kJoin), HasSubstr("\"/api/v1/guard/challenge?for=suspects\""));
  const std::string usual = await(), dear = await("?for=suspects");
  EXPECT_THAT(usual, ::testing::AnyOf(HasSubstr("\"cost\":4,"), HasSubstr("\"cost\":8,")));
  EXPECT_THAT(dear, HasSubstr("\"cost\":16,"));
  EXPECT_THAT(ask("192.0.2.1", kNobody, Action::kJoin, solved(usual)), HasSubstr("problems/challenge-needed"));
  EXPECT_EQ(ask("192.0.2.1", kNobody, Action::kJoin, solved(dear)), "");
  EXPECT_FALSE(assessment_->is_delayed) << "delays are switched off";
  EXPECT_THAT(ask("192.0.2.1", kNobody, Action::kJoin, solved(dear)), HasSubstr("problems/solution-refused"));
}

TEST_F(GuardChallenges, do_not_undo_the_delay_of_suspects) {
  reload(card(85, ""));
  EXPECT_EQ(ask("192.0.2.1", kNobody, Action::kJoin, solved(await("?for=suspects"))), "");
  EXPECT_TRUE(assessment_->is_delayed);
}

TEST_F(GuardChallenges, become_dearer_as_the_pool_empties) {
  reload("[challenge]\ncost = 2\nbusy_doublings = 3\n");
  const auto ready = [&] {
    ops::Metrics metrics;
    guard_->add_metrics(metrics);
    return metrics.exposition().find("doorbuster_guard_challenges_ready 24\n") != std::string::npos;
  };
  for (int i = 0; i < 3'000 && !ready(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  ASSERT_TRUE(ready()) << "16, and 4 of the other kinds";
  EXPECT_THAT(give(), HasSubstr("\"cost\":2,"));
  std::string given;
  for (int i = 0; i < 200 && given.find("\"cost\":16,") == std::string::npos; ++i) given = give();
  EXPECT_THAT(given, HasSubstr("\"cost\":16,")) << "taken faster than they are made";
}

TEST_F(GuardChallenges, have_a_rate_of_their_own_whatever_a_poll_weighs) {
  reload("[rates.challenges]\nburst = 20\n[weights]\npoll = 0\n");
  for (int i = 0; i < 20; ++i) EXPECT_THAT(give(), ::testing::Not(StartsWith("HTTP/1.1 429 "))) << i;
  const std::string refused = give();
  EXPECT_THAT(refused, StartsWith("HTTP/1.1 429 "));
  EXPECT_THAT(refused, HasSubstr("asks for more challenges than people can solve"));
}

}  // namespace
}  // namespace doorbuster::guard
