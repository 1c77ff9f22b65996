#include "links/api/rule_list.h"

#include <algorithm>

#include "base/assert.h"
#include "net/small_letters.h"

namespace doorbuster::links {
namespace {

constexpr int kWordLettersMin = 2;  // what a bucket is chosen by
constexpr size_t kBuckets = 4'096;

size_t bucket_of(char first, char second) {
  return (static_cast<size_t>(static_cast<uint8_t>(first)) * 61 + static_cast<uint8_t>(second)) % kBuckets;
}

}  // namespace

RuleList::RuleList(std::span<const UserAgentRule> rules) : rules_(rules), filter_(kWordLettersMin) {
  const RE2::Options options;
  for (const UserAgentRule& rule : rules) {
    int number = 0;
    const auto error = filter_.Add(rule.pattern, options, &number);
    ASSERT(error == RE2::NoError);
  }
  std::vector<std::string> words;
  filter_.Compile(&words);
  ASSERT(words.size() <= UINT16_MAX);
  buckets_.resize(kBuckets + 1);
  for (size_t i = 0; i < words.size(); ++i) {
    ASSERT(words[i].size() >= kWordLettersMin);
    ++buckets_[bucket_of(words[i][0], words[i][1]) + 1];
    words_.push_back({.text = std::move(words[i]), .number = static_cast<int>(i)});
  }
  for (size_t i = 1; i < buckets_.size(); ++i) buckets_[i] = static_cast<uint16_t>(buckets_[i] + buckets_[i - 1]);
  std::ranges::sort(words_, {}, [](const Word& word) { return bucket_of(word.text[0], word.text[1]); });
}

std::optional<std::string> RuleList::name_of(std::string_view text) const {
  return name_by(filter_.FirstMatch(text, words_in(text)), text);
}

std::optional<std::string> RuleList::name_by_trying_all(std::string_view text) const {
  return name_by(filter_.SlowFirstMatch(text), text);
}

std::vector<int> RuleList::words_in(std::string_view text) const {
  const std::string small = net::in_small_letters(text);
  std::vector<int> found;
  for (size_t at = 0; at + 1 < small.size(); ++at) {
    const size_t bucket = bucket_of(small[at], small[at + 1]);
    const std::string_view rest = std::string_view(small).substr(at);
    for (size_t i = buckets_[bucket]; i < buckets_[bucket + 1]; ++i) {
      if (rest.starts_with(words_[i].text)) found.push_back(words_[i].number);
    }
  }
  return found;
}

std::optional<std::string> RuleList::name_by(int rule, std::string_view text) const {
  if (rule < 0) return std::nullopt;
  constexpr std::string_view kFirstGroup = "$1";
  std::string name(rules_[static_cast<size_t>(rule)].name.empty() ? kFirstGroup
                                                                  : rules_[static_cast<size_t>(rule)].name);
  const size_t at = name.find(kFirstGroup);
  if (at == std::string::npos) return name;
  const RE2& expression = filter_.GetRE2(rule);
  re2::StringPiece groups[2];
  if (expression.NumberOfCapturingGroups() > 0) expression.Match(text, 0, text.size(), RE2::UNANCHORED, groups, 2);
  return name.replace(at, kFirstGroup.size(), groups[1].data(), groups[1].size());
}

}  // namespace doorbuster::links
