#include "ops/settings/value.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace doorbuster::ops {
namespace {

constexpr size_t kLongestText = 4'096;

std::string in_quotes(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

std::string joined(std::span<const std::string_view> names) {
  std::string out;
  for (size_t i = 0; i < names.size(); ++i) {
    if (i > 0) out += i + 1 == names.size() ? " or " : ", ";
    out += in_quotes(names[i]);
  }
  return out;
}

// The number of bytes that follow this first byte of a character of UTF-8; -1 if it cannot be a first one.
int following(unsigned char first) {
  if (first < 0x80) return 0;
  if (first >= 0xC2 && first <= 0xDF) return 1;
  if (first >= 0xE0 && first <= 0xEF) return 2;
  return first >= 0xF0 && first <= 0xF4 ? 3 : -1;
}

// RFC 3629 section 4: no overlong forms, no surrogates, nothing above U+10FFFF.
bool is_second(unsigned char first, unsigned char second) {
  const unsigned char least = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
  const unsigned char most = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
  return second >= least && second <= most;
}

bool is_utf8(std::string_view text) {
  for (size_t at = 0; at < text.size();) {
    const auto first = static_cast<unsigned char>(text[at]);
    const int more = following(first);
    if (more < 0 || text.size() - at <= static_cast<size_t>(more)) return false;
    for (int i = 1; i <= more; ++i) {
      const auto next = static_cast<unsigned char>(text[at + static_cast<size_t>(i)]);
      if (i == 1 ? !is_second(first, next) : (next & 0xC0) != 0x80) return false;
    }
    at += static_cast<size_t>(more) + 1;
  }
  return true;
}

struct ToToml {
  std::string operator()(bool truth) const { return truth ? "true" : "false"; }
  std::string operator()(int64_t number) const { return std::to_string(number); }
  std::string operator()(const std::string& words) const { return in_quotes(words); }
  std::string operator()(const TextList& list) const {
    std::string out = "[";
    for (const std::string& words : list) out += (out.size() > 1 ? ", " : "") + in_quotes(words);
    return out + "]";
  }
};

TextList split_at_commas(std::string_view word) {
  TextList list;
  while (!word.empty()) {
    const std::string_view item = word.substr(0, word.find(','));
    word.remove_prefix(std::min(item.size() + 1, word.size()));
    list.emplace_back(item);
  }
  return list;
}

}  // namespace

std::string_view shape_of(const Value& value) {
  constexpr std::array<std::string_view, 4> kShapes = {"true or false", "a whole number", "a text in quotes",
                                                       "a list of strings, [\"like\", \"this\"]"};
  return kShapes.at(value.index());
}

std::string to_toml(const Value& value) { return std::visit(ToToml{}, value); }

Result<Value> from_word(std::string_view word, const Value& like) {
  if (std::holds_alternative<std::string>(like)) return Result<Value>(tl::in_place, std::string(word));
  if (std::holds_alternative<TextList>(like)) return Result<Value>(tl::in_place, split_at_commas(word));
  if (std::holds_alternative<bool>(like) && (word == "true" || word == "false"))
    return Result<Value>(tl::in_place, word == "true");
  if (std::holds_alternative<int64_t>(like)) {
    int64_t number = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
    if (error == std::errc() && end == word.data() + word.size()) return Result<Value>(tl::in_place, number);
  }
  return fail(ErrorCode::kInvalid,
              "must be " + std::string(shape_of(like)) + ", not '" + std::string(word.substr(0, 64)) + "'");
}

Result<void> check_text(std::string_view text) {
  if (text.size() > kLongestText) {
    return fail(ErrorCode::kInvalid, "is longer than " + std::to_string(kLongestText) + " bytes: shorten it");
  }
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; };
  if (std::ranges::any_of(text, is_control)) return fail(ErrorCode::kInvalid, "holds a control character: take it out");
  if (!is_utf8(text)) return fail(ErrorCode::kInvalid, "is not UTF-8: save it in that encoding");
  return {};
}

Result<void> check_range(int64_t value, int64_t min, int64_t max) {
  if (value >= min && value <= max) return {};
  return fail(ErrorCode::kInvalid,
              "is " + std::to_string(value) + ": choose from " + std::to_string(min) + " to " + std::to_string(max));
}

Result<size_t> check_choice(std::string_view word, std::span<const std::string_view> names) {
  const auto found = std::ranges::find(names, word);
  if (found != names.end()) return static_cast<size_t>(found - names.begin());
  return fail(ErrorCode::kInvalid, "is " + in_quotes(word.substr(0, 64)) + ": choose " + joined(names));
}

}  // namespace doorbuster::ops
