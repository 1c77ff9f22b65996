#include "guard/guard_test_fixture.h"

#include <sys/resource.h>

#include <chrono>
#include <thread>

namespace doorbuster::guard {
namespace {

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

TEST_F(GuardTest, charges_a_session_alone_for_looking_at_what_it_has) {
  EXPECT_EQ(passing(200, "192.0.2.1", kNobody, Action::kPoll), 100) << "the address has used its rate";
  EXPECT_EQ(passing(100, "192.0.2.1", session(1), Action::kPoll), 60);
  EXPECT_EQ(passing(100, "192.0.2.1", session(2), Action::kChange), 12);
  EXPECT_EQ(passing(1, "192.0.2.1", session(3), Action::kJoin), 0) << "but for taking more";
}

TEST_F(GuardTest, lets_strangers_ask_more_where_many_customers_share_their_address) {
  EXPECT_EQ(passing(100, "192.0.2.1", kNobody, Action::kJoin), 5);
  for (uint64_t id = 1; id <= 50; ++id) EXPECT_EQ(passing(1, "192.0.2.1", customer(id), Action::kJoin), 1);
  EXPECT_EQ(passing(200, "192.0.2.1", kNobody, Action::kJoin), 0) << "what was used stays used";
  clock_.advance(Duration::seconds(60));
  EXPECT_EQ(passing(200, "192.0.2.1", kNobody, Action::kJoin), 55) << "fifty customers: ten times as much again";
  EXPECT_EQ(passing(100, "192.0.2.2", kNobody, Action::kJoin), 5) << "but at no other address";
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

TEST_F(GuardTest, makes_challenges_at_the_lowest_priority) {
  int nice = 0;
  for (int i = 0; i < 1'000 && nice != 19; ++i) {
    for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
      std::string name;
      std::getline(std::ifstream(task.path() / "comm"), name);
      if (name == "challenges") nice = getpriority(PRIO_PROCESS, std::stoi(task.path().filename()));
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  EXPECT_EQ(nice, 19);
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
