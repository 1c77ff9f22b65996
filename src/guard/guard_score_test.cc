// What the guard does with those whom it has scored, and with countries.
#include "guard/guard_test_fixture.h"

namespace doorbuster::guard {
namespace {

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

TEST_F(GuardTest, refuses_those_who_can_not_work_where_the_policy_says_so) {
  question_.can_work = false;
  reload(card(30, "[challenge]\nwhen = \"always\"\nwithout_scripts = \"refused\"\n"));
  EXPECT_THAT(ask("192.0.2.1", kNobody, Action::kJoin), HasSubstr("problems/challenge-needed"));
  EXPECT_EQ(ask("192.0.2.1", customer(1), Action::kJoin), "");
  reload(card(85, "[challenge]\nwithout_scripts = \"refused\"\n"));
  EXPECT_THAT(ask("192.0.2.2", kNobody, Action::kJoin), HasSubstr("problems/challenge-needed"));
}

TEST_F(GuardTest, refuses_or_puts_off_where_the_policy_says_so) {
  reload(card(85, "[verdicts.deny]\nfrom = 85\n"));
  EXPECT_THAT(ask("192.0.2.1", kNobody), HasSubstr("problems/denied"));
  reload(card(85, "[verdicts.tarpit]\nfrom = 85\n"));
  const std::string put_off = ask("192.0.2.1", kNobody);
  EXPECT_THAT(put_off, StartsWith("HTTP/1.1 503 "));
  EXPECT_THAT(put_off, HasSubstr("\r\nRetry-After: 60\r\n"));
  struct Line final : platform::Stall {
    explicit Line(net::Exchange*& asking) : exchange(asking) {}
    void answer() const override { exchange->respond(net::Response{.body = "a line that never moves"}); }
    net::Exchange*& exchange;
  } line(exchange_);
  question_.stall = &line;
  EXPECT_THAT(ask("192.0.2.1", kNobody, Action::kJoin), HasSubstr("a line that never moves"));
  question_.stall = nullptr;
  reload(card(85, "[verdicts.deny]\nfrom = 85\nshadow = true\n[verdicts.challenge]\nfrom = 101\n"));
  EXPECT_EQ(ask("192.0.2.1", kNobody, Action::kJoin), "");
  EXPECT_TRUE(assessment_->is_delayed) << "the next softer one is done";
  ops::Metrics metrics;
  guard_->add_metrics(metrics);
  EXPECT_THAT(metrics.exposition(), HasSubstr("doorbuster_guard_verdicts_total{verdict=\"deny\"} 1\n"));
  EXPECT_THAT(metrics.exposition(), HasSubstr("doorbuster_guard_verdicts_total{verdict=\"tarpit\"} 2\n"));
  EXPECT_THAT(metrics.exposition(), HasSubstr("doorbuster_guard_verdicts_total{verdict=\"delay\"} 1\n"));
  EXPECT_THAT(metrics.exposition(), HasSubstr("doorbuster_guard_shadow_verdicts_total{verdict=\"deny\"} 1\n"));
  EXPECT_THAT(metrics.exposition(), HasSubstr("doorbuster_guard_signals_total{signal=\"no_account\"} 4\n"));
  EXPECT_THAT(metrics.exposition(), HasSubstr("doorbuster_guard_scores_total{band=\"0.8\"} 4\n"));
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

}  // namespace
}  // namespace doorbuster::guard
