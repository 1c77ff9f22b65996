#include "recs/views/filter_scanner.h"

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

tl::unexpected<Error> FilterScanner::wrong(size_t at, const std::string& what) {
  return fail(ErrorCode::kInvalid, "column " + std::to_string(at + 1) + ": " + what);
}

void FilterScanner::skip_blanks() { at_ = std::min(text_.find_first_not_of(blanks_, at_), text_.size()); }

bool FilterScanner::is_at_end() {
  skip_blanks();
  return at_ == text_.size();
}

std::string_view FilterScanner::peek_name(std::string_view also) {
  skip_blanks();
  size_t end = at_;
  while (end < text_.size() && (is_name_char(text_[end]) || also.find(text_[end]) != std::string_view::npos)) ++end;
  return text_.substr(at_, end - at_);
}

bool FilterScanner::take_keyword(std::string_view word) {
  const std::string_view name = peek_name();
  if (!is_keyword(name, word)) return false;
  at_ += name.size();
  return true;
}

bool FilterScanner::take(std::string_view sign) {
  skip_blanks();
  if (!text_.substr(at_).starts_with(sign)) return false;
  at_ += sign.size();
  return true;
}

std::optional<double> FilterScanner::take_number() {
  double number = 0;
  const char* begin = text_.data() + at_;
  const auto [end, error] = std::from_chars(begin, text_.data() + text_.size(), number);
  if (error != std::errc() || !std::isfinite(number)) return std::nullopt;
  at_ += static_cast<size_t>(end - begin);
  return number;
}

Result<std::string> FilterScanner::quoted_in(std::string_view text, size_t& at) {
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
