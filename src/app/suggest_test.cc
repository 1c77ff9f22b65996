#include "app/suggest.h"

#include <gtest/gtest.h>

#include <CLI/CLI.hpp>
#include <vector>

#include "app/commands.h"
#include "demo/commands.h"

namespace doorbuster::app {
namespace {

// What is suggested for a command line of the real program that does not parse.
std::string suggested(const std::string& words) {
  CLI::App line("", "doorbuster");
  std::vector<Run> commands;  // they own what the parser fills
  for (const auto add : {add_run, demo::add_demo, add_serve, add_sandbox, add_token}) commands.push_back(add(line));
  try {
    line.parse(words);
    ADD_FAILURE() << words << " was understood";
  } catch (const CLI::ParseError&) {
  }
  return suggestions(line);
}

TEST(Suggestions, name_the_flag_that_was_mistyped) {
  EXPECT_EQ(suggested("serve --lissten 127.0.0.1:1"), "did you mean --listen instead of --lissten?\n");
  EXPECT_EQ(suggested("serve --lissten=127.0.0.1:1"), "did you mean --listen instead of --lissten?\n");
  EXPECT_EQ(suggested("demo crowd --custmers 5"), "did you mean --customers instead of --custmers?\n");
  EXPECT_EQ(suggested("token --sub a --cout 5"), "did you mean --count instead of --cout?\n");
}

TEST(Suggestions, name_the_flag_whose_section_was_left_out) {
  EXPECT_EQ(suggested("serve --body-bytes 1"), "did you mean --http-body-bytes instead of --body-bytes?\n");
  EXPECT_EQ(suggested("serve --allow-lost-tail"), "did you mean --log-allow-lost-tail instead of --allow-lost-tail?\n");
}

TEST(Suggestions, name_the_command_that_was_mistyped) {
  EXPECT_EQ(suggested("serv"), "did you mean serve instead of serv?\n");
  EXPECT_EQ(suggested("demo byu"), "did you mean buy instead of byu?\n");
}

TEST(Suggestions, are_one_for_each_word) {
  EXPECT_EQ(suggested("serve --lissten x --dta y"),
            "did you mean --listen instead of --lissten?\ndid you mean --data instead of --dta?\n");
}

TEST(Suggestions, are_not_made_when_nothing_is_near) {
  EXPECT_EQ(suggested("serve --colour red"), "");
  EXPECT_EQ(suggested("sing"), "");
  EXPECT_EQ(suggested("serve --listen"), "") << "known, but without its value";
}

}  // namespace
}  // namespace doorbuster::app
