#include "stampede/report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace doorbuster::stampede {
namespace {

using ::testing::HasSubstr;

Scenario scenario() {
  return *parse_scenario(R"(title = "a test"
seconds = 30
[objectives]
human_share_of_units_percent_min = 90
human_share_of_traffic_percent_max = 40
honest_refused_percent_max = 1
bot_units_per_human_percent_max = 20
slowdown_percent_max = 200
[[cohorts]]
name = "phones"
clients = 10
[[cohorts]]
name = "bots"
kind = "headless"
clients = 20
[[cohorts]]
name = "desktops"
clients = 10
)",
                         "x.toml");
}

constexpr Timestamp kNow = Timestamp::from_micros(1'700'000'000'000'000);

class ReportTest : public ::testing::Test {
 protected:
  ReportTest() {
    outcome_.server = {.units = 20, .available = 1, .sold = 19, .seconds_to_all_sold = 12, .guard_enforces = true};
    for (int i = 0; i < 9; ++i) outcome_.tally.unit_sold(0, Way::kAccount);
    for (int i = 0; i < 9; ++i) outcome_.tally.unit_sold(2, Way::kUnhindered);
    outcome_.tally.unit_sold(1, Way::kSolved);
    for (int i = 0; i < 4; ++i) answered(0);
    for (int i = 0; i < 6; ++i) answered(1);
  }

  void answered(size_t cohort) {
    outcome_.tally.answered(cohort, {.status = 200, .sent_at = kNow, .at = kNow + Duration::millis(8)}, kNow);
  }

  Objective objective(const char* name, const Report* without = nullptr) {
    const Report report = make_report(scenario_, 3, outcome_, without);
    const auto found = std::ranges::find(report.objectives, name, &Objective::name);
    EXPECT_NE(found, report.objectives.end()) << name;
    return *found;
  }

  const Scenario scenario_ = scenario();
  Outcome outcome_{.tally = Tally(3, 40)};
};

TEST_F(ReportTest, says_who_got_the_units) {
  const Report report = make_report(scenario_, 3, outcome_);
  EXPECT_EQ(report.units(), 19U);
  EXPECT_EQ(report.units_to_humans, 18U);
  EXPECT_EQ(report.bots_by_kind.at(Kind::kHeadless).units, 1U);
  EXPECT_DOUBLE_EQ(report.human_share_of_traffic, 0.4);
  EXPECT_DOUBLE_EQ(report.jain, 1);
  EXPECT_EQ(report.guard, "on");
}

TEST_F(ReportTest, holds_the_run_to_the_scenario) {
  EXPECT_TRUE(objective("human_share_of_units").met);
  EXPECT_TRUE(objective("human_share_of_traffic").met);
  EXPECT_DOUBLE_EQ(objective("bot_units_per_human").seen, (1 / 20.0) / (18 / 20.0));
  EXPECT_TRUE(objective("bot_units_per_human").met);
  for (int i = 0; i < 3; ++i) outcome_.tally.unit_sold(1, Way::kMoved);
  EXPECT_FALSE(objective("human_share_of_units").met);
  EXPECT_FALSE(objective("bot_units_per_human").met);
}

TEST_F(ReportTest, counts_people_who_waited_long_and_nobody_else) {
  for (size_t person = 0; person < 10; ++person) outcome_.tally.waited(person, Duration::millis(3));
  outcome_.tally.waited(15, Duration::seconds(20));  // a bot
  EXPECT_EQ(objective("honest_refused_ratio").seen, 0);
  outcome_.tally.waited(31, Duration::millis(2'001));
  EXPECT_DOUBLE_EQ(objective("honest_refused_ratio").seen, 1 / 11.0) << "of those who wanted something";
  outcome_.tally.refused_for_good(32);
  const Report report = make_report(scenario_, 3, outcome_);
  EXPECT_DOUBLE_EQ(report.honest_refused_ratio, 2 / 12.0);
  EXPECT_DOUBLE_EQ(report.honest_delay_seconds_p99, 30) << "the whole run";
}

TEST_F(ReportTest, compares_with_the_run_without_hoarders) {
  EXPECT_FALSE(objective("slowdown").met) << "with nothing to compare with";
  Report before;
  before.seconds_to_all_sold = 8;
  EXPECT_TRUE(objective("slowdown", &before).met);
  EXPECT_DOUBLE_EQ(objective("slowdown", &before).seen, 1.5);
  outcome_.server.seconds_to_all_sold = std::nullopt;
  EXPECT_FALSE(objective("slowdown", &before).met) << "never sold to the end";
}

TEST_F(ReportTest, fails_where_the_server_tells_another_story) {
  EXPECT_TRUE(objective("units_disagreement").met);
  outcome_.server.sold = 20;
  outcome_.server.available = 0;
  EXPECT_EQ(objective("units_disagreement").seen, 1) << "somebody has bought who did not tell";
  outcome_.tally.payment_pressed();
  EXPECT_TRUE(objective("units_disagreement").met) << "a payment whose end nobody heard of";
  outcome_.server.sold = 18;
  outcome_.server.available = 2;
  EXPECT_EQ(objective("units_disagreement").seen, 1) << "somebody was told that they had bought";
  outcome_.server.sold = 19;
  EXPECT_EQ(objective("units_disagreement").seen, 1) << "21 units of 20";
}

TEST_F(ReportTest, fails_for_a_stolen_unit_an_error_or_a_violation_whatever_the_guard_does) {
  EXPECT_TRUE(make_report(scenario_, 3, outcome_).meets_servers());
  outcome_.tally.tricked("a trick", true, true);
  EXPECT_FALSE(objective("stolen_units").met);
  EXPECT_FALSE(make_report(scenario_, 3, outcome_).meets_servers());
  outcome_.server.invariant_violations = 1;
  EXPECT_FALSE(objective("invariant_violations").met);
  outcome_.tally.answered(0, {.status = 500, .sent_at = kNow, .at = kNow}, kNow);
  EXPECT_FALSE(objective("server_errors").met);
}

TEST_F(ReportTest, is_an_object_for_programs_and_a_table_for_people) {
  const Report report = make_report(scenario_, 3, outcome_);
  const std::string json = to_json(report);
  for (const char* part : {R"("seed":3,"guard":"on")", R"("latency_ms":{"p50":8,"p99":8})", R"("statuses":{"200":10})",
                           R"("bots_by_kind":{"headless":{"arrivals":0,"units":1}})", R"("seconds_to_all_held":null)",
                           R"("objectives":[{"name":"human_share_of_units","wanted":">= 0.9","seen":)"})
    EXPECT_THAT(json, HasSubstr(part));
  const std::string text = to_text(scenario_, {report});
  for (const char* part : {"guard on", "1 solved", "9 account", "NOT MET  slowdown",
                           "Of the bots, \"bots\" won most: 5.3 % of all units (1 solved)."})
    EXPECT_THAT(text, HasSubstr(part));
}

}  // namespace
}  // namespace doorbuster::stampede
