#include "guard/labelled_decisions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <sstream>

#include "guard/decision_log.h"

namespace doorbuster::guard {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

std::string problem(const std::string& labels) {
  const auto parsed = parse_labels(labels, "l.csv");
  return parsed ? "" : parsed.error().message;
}

std::string line_of(uint64_t who) {
  std::string line;
  write_decision({.at = Timestamp::from_micros(1'700'000'000'000'000), .scope = "drop", .who = who, .features = {}},
                 line);
  return line;
}

std::string read_problem(const std::string& log) {
  std::istringstream in(log);
  LabelledDecisions decisions;
  const auto read = read_decisions(in, "d.jsonl", {.is_bot = {{1, true}}, .simulated_by = ""}, decisions);
  return read ? "" : read.error().message;
}

std::vector<Sample> samples_of(uint64_t people, uint64_t bots) {
  std::vector<Sample> samples;
  for (uint64_t who = 0; who < people + bots; ++who) {
    for (uint64_t times = 0; times <= who % 3; ++times)
      samples.push_back({.who = who, .is_bot = who >= people, .features = {}});
  }
  return samples;
}

TEST(Labels, are_read_with_names_as_the_log_and_as_exports_have_them) {
  const Labels labels = parse_labels(
                            "# simulated: a test\nwho,label\n\n0000000000000001,human\r\n"
                            "00000000000000020123456789abcdef, bot\n",
                            "l.csv")
                            .value();
  EXPECT_EQ(labels.is_bot, (std::map<uint64_t, bool>{{1, false}, {2, true}}));
  EXPECT_EQ(labels.simulated_by, "a test");
}

TEST(Labels, say_in_which_line_they_are_wrong) {
  EXPECT_THAT(problem("0000000000000001,human\n0000000000000002,robot\n"), StartsWith("l.csv:2: has to be "));
  EXPECT_THAT(problem("0000000000000001\n"), StartsWith("l.csv:1: has to be "));
  EXPECT_THAT(problem("alice,bot\n"), StartsWith("l.csv:1: 'alice' is nobody"));
  EXPECT_THAT(problem("0000000000000001zzzzzzzzzzzzzzzz,bot\n"), HasSubstr("is nobody"));
  EXPECT_THAT(problem("0000000000000001,bot\n0000000000000001,human\n"), StartsWith("l.csv:2: "));
  EXPECT_EQ(problem("0000000000000001,bot\n0000000000000001,bot\n"), "") << "the same twice";
  EXPECT_THAT(problem("# nothing\n"), HasSubstr("no labels"));
}

TEST(LabelledDecisions, are_those_of_whom_somebody_says_what_they_are) {
  std::istringstream log(line_of(1) + "\n" + line_of(0) + line_of(2) + line_of(1));
  LabelledDecisions decisions;
  ASSERT_TRUE(read_decisions(log, "d.jsonl", {.is_bot = {{1, true}}, .simulated_by = ""}, decisions).has_value());
  EXPECT_EQ(decisions.samples.size(), 2U);
  EXPECT_EQ(decisions.unlabelled, 2U);
}

TEST(LabelledDecisions, say_in_which_line_the_log_is_wrong) {
  EXPECT_THAT(read_problem(line_of(1) + "{\"time\":\n"), StartsWith("d.jsonl:2: is no decision: "));
  EXPECT_THAT(read_problem("{}\n"), StartsWith("d.jsonl:1: is no decision: "));
  std::string other = line_of(1);
  other.replace(other.find("page_keys"), 9, "page_kies");
  EXPECT_THAT(read_problem(other), HasSubstr("'page_kies' in place of 'page_keys'"));
  std::string shorter = line_of(1);
  const size_t last = shorter.find(",\"device_tool\"");
  shorter.erase(last, shorter.find('}', last) - last);
  EXPECT_THAT(read_problem(shorter), HasSubstr("no feature 'device_tool'"));
  std::string text = line_of(1);
  text.replace(text.find("\"no_browser\":0"), 14, "\"no_browser\":\"x\"");
  EXPECT_THAT(read_problem(text), HasSubstr("/features/no_browser"));
}

TEST(Split, holds_out_people_and_not_lines) {
  const std::vector<Sample> samples = samples_of(100, 60);
  const Split split = split_by_who(samples, 25, 1);
  const Classes held_out = classes_of(split.holdout);
  EXPECT_EQ(held_out.people, 25U);
  EXPECT_EQ(held_out.bots, 15U);
  EXPECT_EQ(split.training.size() + split.holdout.size(), samples.size());
  std::set<uint64_t> trained;
  for (const Sample& sample : split.training) trained.insert(sample.who);
  EXPECT_TRUE(std::ranges::none_of(split.holdout, [&](const Sample& sample) { return trained.contains(sample.who); }));
}

TEST(Split, is_the_same_for_the_same_seed_and_another_for_another) {
  const std::vector<Sample> samples = samples_of(100, 60);
  const auto held_out = [&](uint64_t seed) {
    std::set<uint64_t> who;
    for (const Sample& sample : split_by_who(samples, 25, seed).holdout) who.insert(sample.who);
    return who;
  };
  EXPECT_EQ(held_out(1), held_out(1));
  EXPECT_NE(held_out(1), held_out(2));
}

TEST(Weights, make_each_of_them_count_once) {
  const std::vector<float> weights =
      weights_of({{.who = 1, .features = {}}, {.who = 2, .features = {}}, {.who = 2, .features = {}}});
  EXPECT_THAT(weights, ::testing::ElementsAre(1.0F, 0.5F, 0.5F));
}

}  // namespace
}  // namespace doorbuster::guard
