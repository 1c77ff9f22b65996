#include "recs/views/personalize_scanner.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace doorbuster::recs {
namespace {

bool is_name_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

}  // namespace

bool is_keyword(std::string_view text, std::string_view word) {
  return std::ranges::equal(text, word, [](char a, char b) { return (a >= 'a' && a <= 'z' ? a - 'a' + 'A' : a) == b; });
}

tl::unexpected<Error> PersonalizeScanner::wrong(size_t at, const std::string& what) {
  return fail(ErrorCode::kInvalid, "column " + std::to_string(at + 1) + ": " + what);
}

void PersonalizeScanner::skip_blanks() { at_ = std::min(text_.find_first_not_of(" \t\r\n", at_), text_.size()); }

bool PersonalizeScanner::is_at_end() {
  skip_blanks();
  return at_ == text_.size();
}

std::string_view PersonalizeScanner::peek_name() {
  skip_blanks();
  size_t end = at_;
  while (end < text_.size() && is_name_char(text_[end])) ++end;
  return text_.substr(at_, end - at_);
}

bool PersonalizeScanner::take_keyword(std::string_view word) {
  const std::string_view name = peek_name();
  if (!is_keyword(name, word)) return false;
  at_ += name.size();
  return true;
}

bool PersonalizeScanner::take(std::string_view sign) {
  skip_blanks();
  if (!text_.substr(at_).starts_with(sign)) return false;
  at_ += sign.size();
  return true;
}

Result<double> PersonalizeScanner::literal() {
  double number = 0;
  const char* begin = text_.data() + at_;
  const auto [end, error] = std::from_chars(begin, text_.data() + text_.size(), number);
  if (error != std::errc() || !std::isfinite(number)) return wrong(at_, "a number is expected here");
  at_ += static_cast<size_t>(end - begin);
  return number;
}

Result<std::string> PersonalizeScanner::quoted_in(std::string_view text, size_t& at) {
  const size_t begin = at;
  if (at == text.size() || (text[at] != '"' && text[at] != '\'')) return wrong(at, "a text in quotes is expected here");
  const char quote = text[at++];
  std::string value;
  for (; at < text.size() && text[at] != quote; ++at) {
    if (text[at] == '\\' && at + 1 < text.size()) ++at;
    value += text[at];
  }
  if (at == text.size()) return wrong(begin, "the text that begins here does not end");
  ++at;
  return value;
}

}  // namespace doorbuster::recs
