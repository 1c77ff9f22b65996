#include "recs/imports/table_columns.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace doorbuster::recs {

TableColumns::TableColumns(const std::vector<std::string>& head) : is_known_(head.size()) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  for (std::string_view name : head) {
    if (written_.empty() && name.starts_with(kByteOrderMark)) name.remove_prefix(kByteOrderMark.size());
    written_.emplace_back(trimmed_field(name));
    names_.push_back(in_small_letters_of_ascii(written_.back()));
  }
}

std::optional<size_t> TableColumns::find(std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    const auto found = std::ranges::find(names_, name);
    if (found == names_.end()) continue;
    const auto column = static_cast<size_t>(found - names_.begin());
    is_known_[column] = true;
    return column;
  }
  return std::nullopt;
}

Result<size_t> TableColumns::need(std::initializer_list<std::string_view> names) {
  if (const auto column = find(names)) return *column;
  std::string text = "the first line names no column ";
  for (const std::string_view name : names) {
    if (name != *names.begin()) text += " or ";
    text += name;
  }
  return fail(ErrorCode::kInvalid, text);
}

std::string_view trimmed_field(std::string_view text) {
  const size_t begin = std::min(text.find_first_not_of(" \t\r\n"), text.size());
  return text.substr(begin, text.find_last_not_of(" \t\r\n") + 1 - begin);
}

std::string in_small_letters_of_ascii(std::string_view text) {
  std::string small(text);
  for (char& c : small) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return small;
}

std::optional<double> number_in_field(std::string_view text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(number)) return std::nullopt;
  const std::string_view digits = text.starts_with('-') ? text.substr(1) : text;
  const bool is_code = digits.size() > 1 && digits[0] == '0' && digits[1] != '.';
  return is_code ? std::nullopt : std::optional(number);
}

std::optional<bool> truth_in_field(std::string_view text) {
  const std::string word = in_small_letters_of_ascii(text);
  if (word == "true" || word == "yes" || word == "1") return true;
  if (word == "false" || word == "no" || word == "0") return false;
  return std::nullopt;
}

}  // namespace doorbuster::recs
