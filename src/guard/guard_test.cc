#include "guard/guard.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

#include "base/testing/settable_clock.h"
#include "net/testing/manual_loop.h"

namespace doorbuster::guard {
namespace {

using platform::Action;
using platform::Asker;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr Asker kNobody{};
constexpr Asker session(uint64_t id) { return {.kind = Asker::Kind::kSession, .id = id}; }
constexpr Asker customer(uint64_t id) { return {.kind = Asker::Kind::kCustomer, .id = id}; }

// Requests from chosen addresses, and what a service would ask the guard about them. The policy lies in a file, so that
// it can be read again.
class GuardTest : public ::testing::Test, protected net::Handler {
 protected:
  GuardTest() {
    loop_.set_handler(*this);
    write("");
    guard_ = Guard::make({.policy = file_, .trusted_proxies = {"10.0.0.0/8"}, .keys = 1'000, .challenges = 16}, secret_,
                         clock_)
                 .value();
  }
  ~GuardTest() override { std::filesystem::remove(file_); }

  void write(const std::string& policy) { std::ofstream(file_) << policy; }
  void reload(const std::string& policy) {
    write(policy);
    ASSERT_TRUE(guard_->reload().has_value());
  }

  // "" if it passes, or else the answer.
  std::string ask(const std::string& from, const Asker& asker, Action action = Action::kReserve,
                  const std::string& fields = "") {
    question_.action = action;
    question_.asker = asker;
    assessment_ = {};
    const uint32_t connection = loop_.connect(net::parse_address(from).value());
    loop_.send(connection, "GET /somewhere HTTP/1.1\r\nHost: x\r\n" + fields + "\r\n");
    const std::string answer = loop_.take_output(connection);
    loop_.end(connection);
    return answer.ends_with("passed") ? "" : answer;
  }
  // How many of so many requests pass.
  int passing(int requests, const std::string& from, const Asker& asker, Action action = Action::kReserve) {
    int passed = 0;
    for (int i = 0; i < requests; ++i) passed += ask(from, asker, action).empty() ? 1 : 0;
    return passed;
  }

  void handle(const net::Request& request, net::Exchange& exchange) override {
    const platform::Call call{.request = request, .exchange = exchange, .match = {}, .now = clock_.now()};
    assessment_ = guard_->pass(call, question_);
    if (assessment_) exchange.respond(net::Response{.body = "passed"});
  }

  const std::string file_ = std::filesystem::path(::testing::TempDir()) /
                            (std::string(::testing::UnitTest::GetInstance()->current_test_info()->name()) + ".toml");
  const Digest secret_ = sha256(as_bytes("a secret"));
  SettableClock clock_{Timestamp::from_micros(1'700'000'000'000'000)};
  net::testing::ManualLoop loop_;
  std::unique_ptr<Guard> guard_;
  platform::GateQuestion question_{.scope = "drop"};
  std::optional<Assessment> assessment_;  // of the last that was asked
};

TEST_F(GuardTest, charges_strangers_to_their_address) {
  EXPECT_EQ(passing(20, "192.0.2.1", kNobody), 10) << "a hundred a minute, and a reserve weighs ten";
  EXPECT_EQ(passing(20, "192.0.2.2", kNobody), 10);
  const std::string refused = ask("192.0.2.1", kNobody);
  EXPECT_THAT(refused, StartsWith("HTTP/1.1 429 "));
  EXPECT_THAT(refused, HasSubstr("\r\nRetry-After: 7\r\n")) << "ten weights at 0.6 s each, and the second begun";
  EXPECT_THAT(refused, HasSubstr("problems/too-many-requests"));
  clock_.advance(Duration::seconds(6));
  EXPECT_EQ(passing(2, "192.0.2.1", kNobody), 1);
}

TEST_F(GuardTest, takes_an_address_for_the_same_however_it_is_written) {
  EXPECT_EQ(passing(10, "192.0.2.1", kNobody), 10);
  EXPECT_EQ(passing(1, "::ffff:192.0.2.1", kNobody), 0);
}

TEST_F(GuardTest, takes_the_addresses_of_one_customer_for_one_and_charges_neighbours_together) {
  int passed = 0;
  for (int i = 0; i < 20; ++i) passed += passing(1, "2001:db8:1:2::" + std::to_string(i), kNobody);
  EXPECT_EQ(passed, 10) << "one /64";
  passed = 0;
  for (int i = 0; i < 256; ++i) passed += passing(1, "198.51.100." + std::to_string(i), kNobody);
  EXPECT_EQ(passed, 200) << "one /24 has two thousand";
  passed = 0;
  for (int i = 0; i < 250; ++i) passed += passing(1, "2001:db8:7:" + std::to_string(i % 100) + "::1", kNobody);
  EXPECT_EQ(passed, 200) << "one /56";
  EXPECT_EQ(passing(1, "2001:db8:7:100::1", kNobody), 1) << "the next one";
}

TEST_F(GuardTest, charges_customers_of_the_shop_alone_wherever_they_are) {
  EXPECT_EQ(passing(10, "192.0.2.1", kNobody), 10);
  for (uint64_t id = 1; id <= 50; ++id) EXPECT_EQ(passing(1, "192.0.2.1", customer(id)), 1);
  EXPECT_EQ(passing(10, "192.0.2.1", customer(99)), 6) << "sixty a minute";
  EXPECT_EQ(passing(1, "203.0.113.5", customer(99)), 0) << "it is the same one";
  EXPECT_EQ(passing(1, "203.0.113.5", session(99)), 1) << "who is not";
}

TEST_F(GuardTest, charges_sessions_beside_their_address) {
  EXPECT_EQ(passing(5, "192.0.2.1", session(1)), 5);
  EXPECT_EQ(passing(5, "192.0.2.2", session(1)), 1) << "sixty a minute";
  EXPECT_EQ(passing(20, "192.0.2.1", session(2)), 5) << "what is left to the address";
}

TEST_F(GuardTest, weighs_what_a_request_would_do) {
  EXPECT_EQ(passing(200, "192.0.2.1", kNobody, Action::kPoll), 100);
  EXPECT_EQ(passing(200, "192.0.2.2", kNobody, Action::kJoin), 5);
  EXPECT_EQ(passing(200, "192.0.2.3", kNobody, Action::kChange), 20);
  reload("[weights]\npoll = 0\n");
  EXPECT_EQ(passing(200, "192.0.2.1", kNobody, Action::kPoll), 200) << "it is free";
}

TEST_F(GuardTest, believes_only_its_own_proxies) {
  const auto passing_for_others = [&](const std::string& peer) {
    int passed = 0;
    for (int i = 0; i < 20; ++i) {
      const std::string field = "X-Forwarded-For: 203.0.113." + std::to_string(i) + "\r\n";
      passed += ask(peer, kNobody, Action::kReserve, field).empty() ? 1 : 0;
    }
    return passed;
  };
  EXPECT_EQ(passing_for_others("192.0.2.1"), 10);
  EXPECT_EQ(passing_for_others("10.1.2.3"), 20);
}

TEST_F(GuardTest, lets_everything_pass_in_the_shadow_and_counts_what_it_would_have_refused) {
  reload("mode = \"shadow\"\n");
  EXPECT_EQ(passing(25, "192.0.2.1", kNobody), 25);
  ops::Metrics metrics;
  guard_->add_metrics(metrics);
  EXPECT_THAT(metrics.exposition(),
              HasSubstr("doorbuster_guard_refused_total{action=\"reserve\",rate=\"address\"} 15\n"));
  EXPECT_THAT(metrics.exposition(), HasSubstr("doorbuster_guard_passed_total{action=\"reserve\"} 10\n"));
  EXPECT_THAT(metrics.exposition(), HasSubstr("doorbuster_guard_mode{mode=\"shadow\"} 1\n"));
  reload("mode = \"off\"\n");
  EXPECT_EQ(passing(25, "192.0.2.1", kNobody), 25);
  EXPECT_THAT(metrics.exposition(), HasSubstr("doorbuster_guard_passed_total{action=\"reserve\"} 10\n"));
  reload("");
  EXPECT_EQ(passing(25, "192.0.2.1", kNobody), 0) << "what passed in the shadow was charged";
}

// Of whoever asks with no token, no browser and no page: 65 points of the usual card.
constexpr std::string_view kOnlyGuestsCount = "[signals.no_browser]\npoints = 0\n[signals.no_page]\npoints = 0\n";
std::string card(uint32_t no_account, const std::string& verdicts) {
  return std::string(kOnlyGuestsCount) + "[signals.no_account]\npoints = " + std::to_string(no_account) + "\n" +
         verdicts;
}

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

TEST_F(GuardTest, makes_challenges_only_while_nobody_else_wants_the_core) {
  int policy = -1;
  for (int i = 0; i < 1'000 && policy != SCHED_IDLE; ++i) {
    for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
      std::string name;
      std::getline(std::ifstream(task.path() / "comm"), name);
      if (name == "challenges") policy = sched_getscheduler(std::stoi(task.path().filename()));
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  EXPECT_EQ(policy, SCHED_IDLE);
}

TEST_F(GuardTest, asks_for_work_and_says_what_is_wrong_with_it) {
  reload("[challenge]\nwhen = \"always\"\n");
  EXPECT_THAT(ask("192.0.2.1", kNobody), HasSubstr("problems/challenge-needed"));
  EXPECT_THAT(ask("192.0.2.1", session(1)), HasSubstr("problems/challenge-needed"));
  EXPECT_THAT(ask("192.0.2.1", kNobody, Action::kReserve, "Altcha: x\r\n"), HasSubstr("problems/solution-refused"));
  EXPECT_EQ(ask("192.0.2.1", customer(1)), "");
  EXPECT_EQ(ask("192.0.2.1", session(1), Action::kPoll), "");
  EXPECT_EQ(ask("192.0.2.1", session(1), Action::kChange), "");
  reload("mode = \"shadow\"\n[challenge]\nwhen = \"always\"\n");
  EXPECT_EQ(ask("192.0.2.1", kNobody), "");
  EXPECT_EQ(ask("192.0.2.1", kNobody, Action::kReserve, "Altcha: x\r\n"), "");
}

TEST_F(GuardTest, offers_work_in_place_of_waiting_for_an_address_and_for_nothing_else) {
  EXPECT_EQ(passing(10, "192.0.2.1", kNobody), 10);
  EXPECT_THAT(ask("192.0.2.1", kNobody), HasSubstr("\"challenge\":\"/api/v1/guard/challenge\""));
  EXPECT_EQ(passing(6, "192.0.2.2", session(1)), 6);
  EXPECT_THAT(ask("192.0.2.2", session(1)), ::testing::Not(HasSubstr("challenge")));
  EXPECT_EQ(passing(6, "192.0.2.3", customer(1)), 6);
  EXPECT_THAT(ask("192.0.2.3", customer(1)), ::testing::Not(HasSubstr("challenge")));
}

TEST_F(GuardTest, tells_what_it_thought_of_whom_it_lets_pass) {
  EXPECT_EQ(ask("192.0.2.1", kNobody, Action::kJoin), "");
  EXPECT_EQ(assessment_->score, 65);
  EXPECT_EQ(assessment_->reasons, (std::array{Signal::kNoAccount, Signal::kNoBrowser, Signal::kNoPage}));
  EXPECT_EQ(ask("192.0.2.1", session(1), Action::kPoll), "");
  EXPECT_EQ(assessment_, Assessment()) << "nothing is taken: nobody looked";
}

TEST_F(GuardTest, delays_a_place_in_a_line_and_nothing_else) {
  EXPECT_EQ(ask("192.0.2.1", kNobody, Action::kJoin), "");
  EXPECT_TRUE(assessment_->is_delayed);
  EXPECT_EQ(ask("192.0.2.1", kNobody, Action::kReserve), "");
  EXPECT_FALSE(assessment_->is_delayed) << "there is no line to be behind in";
  EXPECT_EQ(ask("192.0.2.1", customer(1), Action::kJoin), "");
  EXPECT_FALSE(assessment_->is_delayed) << "35 points";
  reload("mode = \"shadow\"\n");
  EXPECT_EQ(ask("192.0.2.1", kNobody, Action::kJoin), "");
  EXPECT_FALSE(assessment_->is_delayed);
  EXPECT_EQ(assessment_->score, 65) << "it is looked at all the same";
}

TEST_F(GuardTest, lets_suspects_work_and_customers_too) {
  reload(card(85, "[signals.young_account]\npoints = 90\n"));
  EXPECT_THAT(ask("192.0.2.1", kNobody), HasSubstr("problems/challenge-needed"));
  const Asker young{.kind = Asker::Kind::kCustomer, .id = 7, .account_age_days = 1};
  EXPECT_THAT(ask("192.0.2.1", young), HasSubstr("problems/challenge-needed"));
  EXPECT_THAT(ask("192.0.2.1", young), HasSubstr("\"challenge\":\"/api/v1/guard/challenge?for=suspects\""));
  EXPECT_EQ(ask("192.0.2.1", customer(8)), "");
}

TEST_F(GuardTest, delays_those_who_can_not_work_in_place_of_asking_them_to) {
  question_.can_work = false;
  reload(card(30, "[challenge]\nwhen = \"always\"\n"));
  EXPECT_EQ(ask("192.0.2.1", kNobody, Action::kJoin), "");
  EXPECT_TRUE(assessment_->is_delayed);
  EXPECT_THAT(ask("192.0.2.1", kNobody, Action::kReserve), HasSubstr("problems/challenge-needed"))
      << "nothing is there to wait for";
  EXPECT_EQ(ask("192.0.2.1", customer(1), Action::kJoin), "");
  EXPECT_FALSE(assessment_->is_delayed) << "customers need not work";
  reload(card(85, "[verdicts.delay]\nfrom = 101\n"));
  EXPECT_EQ(ask("192.0.2.2", kNobody, Action::kJoin), "");
  EXPECT_TRUE(assessment_->is_delayed);
  EXPECT_THAT(ask("192.0.2.2", kNobody, Action::kReserve), HasSubstr("problems/challenge-needed"));
  reload("mode = \"shadow\"\n" + card(30, "[challenge]\nwhen = \"always\"\n"));
  EXPECT_EQ(ask("192.0.2.3", kNobody, Action::kJoin), "");
  EXPECT_FALSE(assessment_->is_delayed);
}

TEST_F(GuardTest, refuses_or_puts_off_where_the_policy_says_so) {
  reload(card(85, "[verdicts.deny]\nfrom = 85\n"));
  EXPECT_THAT(ask("192.0.2.1", kNobody), HasSubstr("problems/denied"));
  reload(card(85, "[verdicts.tarpit]\nfrom = 85\n"));
  const std::string put_off = ask("192.0.2.1", kNobody);
  EXPECT_THAT(put_off, StartsWith("HTTP/1.1 503 "));
  EXPECT_THAT(put_off, HasSubstr("\r\nRetry-After: 60\r\n"));
  reload(card(85, "[verdicts.deny]\nfrom = 85\nshadow = true\n[verdicts.challenge]\nfrom = 101\n"));
  EXPECT_EQ(ask("192.0.2.1", kNobody, Action::kJoin), "");
  EXPECT_TRUE(assessment_->is_delayed) << "the next softer one is done";
  ops::Metrics metrics;
  guard_->add_metrics(metrics);
  EXPECT_THAT(metrics.exposition(), HasSubstr("doorbuster_guard_verdicts_total{verdict=\"deny\"} 1\n"));
  EXPECT_THAT(metrics.exposition(), HasSubstr("doorbuster_guard_verdicts_total{verdict=\"tarpit\"} 1\n"));
  EXPECT_THAT(metrics.exposition(), HasSubstr("doorbuster_guard_verdicts_total{verdict=\"delay\"} 1\n"));
  EXPECT_THAT(metrics.exposition(), HasSubstr("doorbuster_guard_shadow_verdicts_total{verdict=\"deny\"} 1\n"));
  EXPECT_THAT(metrics.exposition(), HasSubstr("doorbuster_guard_signals_total{signal=\"no_account\"} 3\n"));
  EXPECT_THAT(metrics.exposition(), HasSubstr("doorbuster_guard_scores_total{band=\"0.8\"} 3\n"));
}

TEST_F(GuardTest, knows_countries_by_what_its_own_proxies_say) {
  guard_ = Guard::make({.policy = file_, .trusted_proxies = {"10.0.0.0/8"}, .country_header = "CF-IPCountry"}, secret_,
                       clock_)
               .value();
  const std::vector<Country> allowed = {{'D', 'E'}, {'A', 'T'}};
  const std::vector<Country> denied = {{'F', 'R'}, kUnknownCountry};
  const std::string from_germany = "X-Forwarded-For: 203.0.113.1\r\nCF-IPCountry: DE\r\n";
  const std::string from_france = "X-Forwarded-For: 203.0.113.2\r\nCF-IPCountry: FR\r\n";
  question_.allowed_countries = allowed;
  EXPECT_EQ(ask("10.0.0.1", kNobody, Action::kReserve, from_germany), "");
  EXPECT_EQ(assessment_->country, (Country{'D', 'E'}));
  const std::string refused = ask("10.0.0.1", customer(1), Action::kReserve, from_france);
  EXPECT_THAT(refused, StartsWith("HTTP/1.1 403 "));
  EXPECT_THAT(refused, HasSubstr("problems/country-refused"));
  EXPECT_THAT(refused, HasSubstr("\"country\":\"FR\""));
  EXPECT_THAT(ask("192.0.2.1", kNobody, Action::kReserve, from_germany), HasSubstr("\"country\":\"ZZ\""))
      << "a stranger is not believed";
  EXPECT_THAT(ask("10.0.0.1", kNobody, Action::kReserve, "CF-IPCountry: Germany\r\n"), HasSubstr("\"country\":\"ZZ\""));
  question_.allowed_countries = {};
  question_.denied_countries = denied;
  EXPECT_EQ(ask("10.0.0.1", kNobody, Action::kReserve, from_germany), "");
  EXPECT_THAT(ask("10.0.0.1", kNobody, Action::kReserve, from_france), HasSubstr("problems/country-refused"));
  EXPECT_THAT(ask("192.0.2.1", kNobody), HasSubstr("could not be told"));
  EXPECT_EQ(ask("10.0.0.1", session(1), Action::kPoll, from_france), "") << "whoever has something may look at it";
}

TEST_F(GuardTest, refuses_by_the_law_where_the_policy_says_so_and_nobody_in_the_shadow) {
  const std::vector<Country> allowed = {{'D', 'E'}};
  question_.allowed_countries = allowed;
  reload("[countries]\nrefusal = \"legal_reasons\"\n");
  EXPECT_THAT(ask("192.0.2.1", kNobody), StartsWith("HTTP/1.1 451 "));
  reload("mode = \"shadow\"\n");
  EXPECT_EQ(ask("192.0.2.1", kNobody), "");
  ops::Metrics metrics;
  guard_->add_metrics(metrics);
  EXPECT_THAT(metrics.exposition(), HasSubstr("doorbuster_guard_countries_refused_total 2\n"));
}

TEST_F(GuardTest, knows_the_fingerprints_of_tools_by_what_its_own_proxies_say) {
  guard_ =
      Guard::make({.policy = file_, .trusted_proxies = {"10.0.0.0/8"}, .fingerprint_header = "X-JA4"}, secret_, clock_)
          .value();
  reload("[fingerprints]\ntools = [\"t13d1516h2_b\", \"t13d1516h2_a\"]\n");
  EXPECT_EQ(ask("10.0.0.1", customer(1), Action::kReserve, "X-JA4: t13d1516h2_a\r\n"), "");
  EXPECT_EQ(assessment_->score, 75);
  EXPECT_EQ(ask("10.0.0.1", customer(2), Action::kReserve, "X-JA4: t13d1516h2_c\r\n"), "");
  EXPECT_EQ(assessment_->score, 35);
  EXPECT_EQ(ask("192.0.2.1", customer(3), Action::kReserve, "X-JA4: t13d1516h2_a\r\n"), "");
  EXPECT_EQ(assessment_->score, 35) << "a stranger is not believed";
}

TEST_F(GuardTest, goes_on_with_its_policy_when_the_next_one_is_of_no_use) {
  write("[rates.address]\nper_minute = many\n");
  const auto reloaded = guard_->reload();
  ASSERT_FALSE(reloaded.has_value());
  EXPECT_THAT(reloaded.error().message, HasSubstr(".toml:2"));
  EXPECT_EQ(guard_->policy(), policy_of(Preset::kDrop));
  EXPECT_EQ(passing(20, "192.0.2.1", kNobody), 10);
  reload("preset = \"fortress\"\n");
  EXPECT_EQ(guard_->policy(), policy_of(Preset::kFortress));
}

TEST_F(GuardTest, is_not_made_with_what_it_can_not_use) {
  EXPECT_THAT(Guard::make({.policy = "drop", .trusted_proxies = {"proxy"}}, secret_, clock_).error().message,
              HasSubstr("'proxy'"));
  EXPECT_THAT(Guard::make({.policy = "strict"}, secret_, clock_).error().message, HasSubstr("neither a preset"));
  EXPECT_THAT(Guard::make({.policy = "drop", .country_database = "/nowhere.mmdb"}, secret_, clock_).error().message,
              HasSubstr("'/nowhere.mmdb' can't be used"));
  EXPECT_THAT(Guard::make({.policy = "drop", .network_database = "/dev/null"}, secret_, clock_).error().message,
              HasSubstr(".mmdb"));
  write("[networks]\nmobile = [\"AS64500\"]\n");
  EXPECT_THAT(Guard::make({.policy = file_}, secret_, clock_).error().message, HasSubstr("guard.network_database"));
}

}  // namespace
}  // namespace doorbuster::guard
