#include "recs/views/loose_values.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace doorbuster::recs {
namespace {

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

std::vector<std::string_view> parts_of(std::string_view text) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const std::string_view part = text.substr(0, text.find('|'));
    if (!part.empty()) parts.push_back(part);
    text.remove_prefix(std::min(text.size(), part.size() + 1));
  }
  return parts;
}

std::optional<double> number_in(std::string_view text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(number)) return std::nullopt;
  return number;
}

std::optional<double> number_of(const Attribute& attribute) {
  if (const auto* number = std::get_if<double>(&attribute)) return *number;
  const auto* text = std::get_if<std::string>(&attribute);
  return text != nullptr ? number_in(*text) : std::nullopt;
}

std::string number_text(double number) {
  std::array<char, 32> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), number).ptr;
  return {text.data(), end};
}

std::string field_name(std::string_view name) {
  const bool is_camel = std::ranges::any_of(name, is_lower);
  std::string field;
  for (size_t index = 0; index < name.size(); ++index) {
    const char c = name[index];
    const bool begins_word =
        is_camel && is_upper(c) && index > 0 && (is_lower(name[index - 1]) || is_digit(name[index - 1]));
    if (begins_word) field += '_';
    field += is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return field;
}

}  // namespace doorbuster::recs
