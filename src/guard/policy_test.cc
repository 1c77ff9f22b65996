#include "guard/policy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace doorbuster::guard {
namespace {

using platform::Action;
using ::testing::HasSubstr;
using ::testing::Not;

std::string error_of(std::string_view text) {
  const auto policy = parse_policy(text, "policy.toml");
  return policy ? "" : policy.error().message;
}

TEST(Policy, that_says_nothing_is_the_preset_for_a_drop) {
  EXPECT_EQ(parse_policy("", "policy.toml").value(), policy_of(Preset::kDrop));
  EXPECT_EQ(policy_of(Preset::kDrop).rate_of(ChargedTo::kAddress).per_minute, 100U);
  EXPECT_EQ(policy_of(Preset::kDrop).weight_of(Action::kJoin), 20U);
}

TEST(Policy, begins_as_the_preset_that_it_names_and_changes_what_it_says) {
  for (size_t i = 0; i < kPresetNames.size(); ++i) {
    const auto preset = static_cast<Preset>(i);
    EXPECT_EQ(parse_policy("preset = \"" + std::string(kPresetNames[i]) + "\"\n", "x").value(), policy_of(preset));
    EXPECT_EQ(load_policy(std::string(kPresetNames[i])).value(), policy_of(preset));
    EXPECT_THAT(std::string(explain(preset)), HasSubstr("For "));
  }
  Policy wanted = policy_of(Preset::kFortress);
  wanted.mode = Mode::kShadow;
  wanted.rates[static_cast<size_t>(ChargedTo::kPrefix)] = {.per_minute = 900, .burst = 90};
  wanted.weights[static_cast<size_t>(Action::kPoll)] = 0;
  EXPECT_EQ(parse_policy("preset = \"fortress\"\nmode = \"shadow\"\n[rates.prefix]\nper_minute = 900\nburst = 90\n"
                         "[weights]\npoll = 0\n",
                         "x")
                .value(),
            wanted);
}

TEST(Policy, is_the_same_when_what_is_printed_is_read_again) {
  for (const Preset preset : {Preset::kOpen, Preset::kDrop, Preset::kFortress}) {
    const std::string printed = print_policy(policy_of(preset), "A head.");
    EXPECT_EQ(parse_policy(printed, "printed").value(), policy_of(preset)) << printed;
    EXPECT_THAT(printed, Not(HasSubstr("--"))) << "there are no flags";
  }
}

TEST(Policy, is_told_all_that_is_wrong_with_it_and_where) {
  const std::string error = error_of("mode = \"strict\"\n[rates.adress]\nper_minute = 1\n[weights]\njoin = -1\n");
  EXPECT_THAT(error, HasSubstr("policy.toml:1: "));
  EXPECT_THAT(error, HasSubstr("shadow"));
  EXPECT_THAT(error, HasSubstr("policy.toml:2: "));
  EXPECT_THAT(error, HasSubstr("policy.toml:5: "));
  EXPECT_THAT(error_of("[rates\n"), HasSubstr("policy.toml:1"));
  EXPECT_THAT(error_of("[rates.customer]\nper_minute = 0\n"), HasSubstr("600000"));
}

TEST(Policy, may_not_contradict_itself) {
  EXPECT_THAT(error_of("[rates.session]\nburst = 19\n"), HasSubstr("rates.session.burst is 19, but what weighs 20"));
  EXPECT_THAT(error_of("[rates.session]\nburst = 19\n[weights]\njoin = 10\n"), Not(HasSubstr("session")));
  EXPECT_THAT(error_of("[rates.address]\nper_minute = 1\nburst = 2000\n"), HasSubstr("more than what comes in a day"));
  EXPECT_EQ(error_of("[rates.address]\nper_minute = 1\nburst = 1440\n"), "");
  EXPECT_EQ(error_of("[rates.challenges]\nburst = 1\n"), "") << "each of them counts as one";
  const std::string both = error_of("[rates.session]\nburst = 5\n[rates.customer]\nburst = 5\n");
  EXPECT_THAT(both, HasSubstr("rates.session"));
  EXPECT_THAT(both, HasSubstr("rates.customer"));
}

TEST(Policy, says_what_is_done_at_which_score_and_may_not_contradict_itself_there_either) {
  EXPECT_THAT(error_of("[verdicts.deny]\nfrom = 70\n"),
              HasSubstr("verdicts.deny.from is lower than that of \"challenge\""));
  EXPECT_EQ(error_of("[verdicts.deny]\nfrom = 70\n[verdicts.challenge]\nfrom = 101\n"), "");
  EXPECT_EQ(error_of("[verdicts.deny]\nfrom = 90\nshadow = true\n"), "");
  EXPECT_THAT(error_of("[signals.no_acount]\npoints = 1\n"), HasSubstr("'signals.no_acount'"));
  EXPECT_THAT(error_of("[signals.no_account]\nmost = 1\n"), HasSubstr("policy.toml:2"));
  const Policy policy =
      parse_policy("[signals.young_account]\npoints = 60\ndays = 30\n[signals.device_reused]\nmost = 9\n", "x").value();
  EXPECT_EQ(policy.scorecard.of(Signal::kYoungAccount).points, 60U);
  EXPECT_EQ(policy.scorecard.of(Signal::kYoungAccount).limit, 30U);
  EXPECT_EQ(policy.scorecard.of(Signal::kDeviceReused).limit, 9U);
}

TEST(Policy, makes_work_dearer_by_doubling_it) {
  const Policy policy =
      parse_policy("[challenge]\ncost = 64\nbusy_doublings = 1\nsuspect_doublings = 3\n", "x").value();
  EXPECT_EQ(policy.works()[0]->cost, 64U);
  EXPECT_EQ(policy.works()[1]->cost, 128U);
  EXPECT_EQ(policy.works()[2]->cost, 512U);
  EXPECT_FALSE(policy.works()[3]) << "nobody works for a draw";
  const Policy drawn = parse_policy("[challenge]\ncost = 64\ndraw_seconds = 5\ndraw_doublings = 2\n", "x").value();
  EXPECT_EQ(drawn.works()[3]->cost, 256U);
  EXPECT_EQ(drawn.draw_cost(), 256U);
  EXPECT_EQ(policy.suspects_cost(), 512U);
  EXPECT_THAT(error_of("[challenge]\ncost = 32768\nsuspect_doublings = 2\n"), HasSubstr("comes to 131072"));
  EXPECT_THAT(error_of("[challenge]\nsuspect_doublings = 0\ncost = 4096\ndraw_seconds = 5\ndraw_doublings = 8\n"),
              HasSubstr("comes to 1048576"));
}

TEST(Policy, lists_networks_by_what_they_are) {
  EXPECT_EQ(error_of("[networks]\nmobile = [\"203.0.113.0/24\", \"AS64500\"]\n"), "");
  EXPECT_THAT(error_of("[networks]\nmobile = [\"carrier\"]\n"), HasSubstr("'carrier'"));
  EXPECT_THAT(error_of("[networks]\nmobile = [\"AS1\"]\nbusiness = [\"AS1\"]\n"), HasSubstr("AS1 is in two lists"));
}

TEST(Policy, makes_challenges_only_where_somebody_may_be_asked_to_solve_one) {
  EXPECT_TRUE(policy_of(Preset::kDrop).uses_challenges());
  EXPECT_TRUE(parse_policy("[challenge]\nwhen = \"never\"\n", "x").value().uses_challenges()) << "at a high score";
  EXPECT_FALSE(
      parse_policy("[challenge]\nwhen = \"never\"\n[verdicts.challenge]\nfrom = 101\n", "x").value().uses_challenges());
  EXPECT_TRUE(parse_policy("[challenge]\nwhen = \"never\"\ndraw_seconds = 5\n[verdicts.challenge]\nfrom = 101\n", "x")
                  .value()
                  .uses_challenges());
}

TEST(Policy, is_read_from_a_file_or_says_why_not) {
  const std::filesystem::path path = std::filesystem::path(::testing::TempDir()) / "doorbuster-policy.toml";
  std::ofstream(path) << "preset = \"open\"\n";
  EXPECT_EQ(load_policy(path).value(), policy_of(Preset::kOpen));
  std::filesystem::remove(path);
  EXPECT_THAT(load_policy(path).error().message, HasSubstr("neither a preset"));
}

TEST(Policy, looks_for_its_model_beside_itself) {
  const std::filesystem::path path = std::filesystem::path(::testing::TempDir()) / "with-a-model.toml";
  std::ofstream(path) << "[score]\nmodel = \"models/drop.json\"\n";
  EXPECT_EQ(load_policy(path)->model, path.parent_path() / "models/drop.json");
  std::ofstream(path) << "[score]\nmodel = \"/srv/drop.json\"\n";
  EXPECT_EQ(load_policy(path)->model, "/srv/drop.json");
  std::ofstream(path) << "";
  EXPECT_EQ(load_policy(path)->model, "");
  std::filesystem::remove(path);
}

}  // namespace
}  // namespace doorbuster::guard
