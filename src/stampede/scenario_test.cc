#include "stampede/scenario.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace doorbuster::stampede {
namespace {

using ::testing::HasSubstr;

const std::string kLeast = R"(title = "least"
[[cohorts]]
name = "people"
clients = 10
)";

std::string error_of(const std::string& text) {
  const auto scenario = parse_scenario(text, "x.toml");
  return scenario ? "none" : scenario.error().message;
}

TEST(Scenario, has_defaults_for_all_that_it_does_not_say) {
  const auto scenario = parse_scenario(kLeast, "x.toml");
  ASSERT_TRUE(scenario) << scenario.error().message;
  EXPECT_EQ(scenario->policy, "drop");
  EXPECT_EQ(scenario->objectives.jain_percent_min, 98U);
  ASSERT_EQ(scenario->cohorts.size(), 1U);
  EXPECT_EQ(scenario->cohorts[0].kind, Kind::kPeople);
  EXPECT_EQ(scenario->cohorts[0].addresses, 10U) << "one each";
  EXPECT_EQ(scenario->cohorts[0].networks, 10U);
  EXPECT_EQ(scenario->clients(), 10U);
}

TEST(Scenario, tells_what_it_does_not_know_with_the_line) {
  EXPECT_THAT(error_of(kLeast + "adresses = 3\n"), HasSubstr("x.toml:5"));
  EXPECT_THAT(error_of(kLeast + "adresses = 3\n"), HasSubstr("addresses"));
  EXPECT_THAT(error_of("[sale]\nunits = 0\n" + kLeast), HasSubstr("x.toml:2"));
  EXPECT_THAT(error_of("titel = \"x\"\n" + kLeast), HasSubstr("x.toml:1"));
  EXPECT_THAT(error_of(kLeast + "kind = \"humans\"\n"), HasSubstr("people"));
  EXPECT_THAT(error_of(kLeast + "headers = [\"mosaic\"]\n"), HasSubstr("chromium_desktop"));
  EXPECT_THAT(error_of("title = \n"), HasSubstr("x.toml:1"));
}

TEST(Scenario, is_held_to_what_fits_together) {
  const auto with = [](const char* more) { return error_of(kLeast + more); };
  EXPECT_THAT(with("accounts = 11\n"), HasSubstr("more accounts than clients"));
  EXPECT_THAT(with("accounts = 3\ninstruments = 4\n"), HasSubstr("more instruments than accounts"));
  EXPECT_THAT(with("addresses = 300\nnetworks = 1\n"), HasSubstr("more addresses than its networks"));
  EXPECT_THAT(with("addresses = 3\nnetworks = 4\n"), HasSubstr("more networks than addresses"));
  EXPECT_THAT(with("arrive_from_seconds = 10\n"), HasSubstr("arrive_until_seconds"));
  EXPECT_THAT(with("device_derivations_min = 4000\n"), HasSubstr("above device_derivations_max"));
  EXPECT_THAT(with("kind = \"script\"\n"), HasSubstr("nobody comes who is not a bot"));
  EXPECT_THAT(with("kind = \"script\"\nleaks_percent = 3\n"), HasSubstr("are of people"));
  EXPECT_THAT(with("[[cohorts]]\nname = \"people\"\nclients = 1\n"), HasSubstr("two cohorts are called"));
  EXPECT_THAT(with("[[cohorts]]\nname = \"thieves\"\nclients = 1\nkind = \"thief\"\n[sale]\nqueue = \"none\"\n"),
              HasSubstr("thieves need a queue"));
}

TEST(Scenario, that_is_not_there_is_said_to_be_missing) {
  const auto scenario = load_scenario("nowhere/nothing.toml");
  ASSERT_FALSE(scenario);
  EXPECT_EQ(scenario.error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace doorbuster::stampede
