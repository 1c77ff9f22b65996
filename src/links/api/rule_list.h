// Finds the first of several hundred regular expressions that matches a text, as if they were tried one after another.
//
// Few of them are tried: RE2 says which words a text must hold for an expression to match (re2::FilteredRE2), and the
// words are looked for first, all at once. Time grows with the text's length and never with its powers. Any thread.
#pragma once

#include <re2/filtered_re2.h>

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "links/api/user_agent_rules.h"

namespace doorbuster::links {

class RuleList {
 public:
  // Asserts that each is a regular expression: they are compiled in.
  explicit RuleList(std::span<const UserAgentRule> rules);

  // The name that the first rule gives that matches; nothing if none does.
  [[nodiscard]] std::optional<std::string> name_of(std::string_view text) const;
  // The same by trying all: for tests.
  [[nodiscard]] std::optional<std::string> name_by_trying_all(std::string_view text) const;

 private:
  // A word, and the number that the filter knows it by.
  struct Word {
    std::string text;
    int number = 0;
  };

  [[nodiscard]] std::vector<int> words_in(std::string_view text) const;
  [[nodiscard]] std::optional<std::string> name_by(int rule, std::string_view text) const;

  std::span<const UserAgentRule> rules_;
  re2::FilteredRE2 filter_;
  std::vector<Word> words_;        // by bucket
  std::vector<uint16_t> buckets_;  // where each begins, and where the last ends
};

}  // namespace doorbuster::links
