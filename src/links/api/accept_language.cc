#include "links/api/accept_language.h"

#include <algorithm>
#include <optional>

#include "net/text.h"

namespace doorbuster::links {
namespace {

constexpr size_t kSubtagBytesMax = 8;
constexpr int kQualityMax = 1'000;

std::string_view without_ows(std::string_view text) {
  while (!text.empty() && net::is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && net::is_blank(text.back())) text.remove_suffix(1);
  return text;
}

std::string_view next_part(std::string_view& rest, char separator) {
  const std::string_view part = rest.substr(0, rest.find(separator));
  rest.remove_prefix(std::min(part.size() + 1, rest.size()));
  return without_ows(part);
}

// "0.8" in thousandths; nothing if it is no quality (RFC 9110 section 12.4.2).
std::optional<int> quality_of(std::string_view text) {
  if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1') || (text.size() > 1 && text[1] != '.'))
    return std::nullopt;
  int quality = (text[0] - '0') * kQualityMax;
  int unit = kQualityMax / 10;
  for (const char digit : text.substr(std::min<size_t>(text.size(), 2))) {
    if (digit < '0' || digit > '9') return std::nullopt;
    quality += (digit - '0') * unit;
    unit /= 10;
  }
  return quality <= kQualityMax ? std::optional(quality) : std::nullopt;
}

struct Weighted {
  std::string_view language;
  int quality = kQualityMax;  // 0: not wanted
};

// One that can't be read is not wanted.
Weighted weighted(std::string_view item) {
  Weighted read{.language = next_part(item, ';')};
  while (!item.empty()) {
    std::string_view value = next_part(item, ';');
    const std::string_view name = next_part(value, '=');
    if (net::equals_ignoring_case(name, "q")) read.quality = quality_of(without_ows(value)).value_or(0);
  }
  if (!is_language_range(read.language)) read.quality = 0;
  return read;
}

}  // namespace

bool likes_best(std::string_view accept_language, const std::function<bool(std::string_view)>& fits) {
  int best = 1;
  bool is_met = false;
  for (std::string_view rest = accept_language.substr(0, kAcceptLanguageBytesMax); !rest.empty();) {
    const Weighted one = weighted(next_part(rest, ','));
    if (one.quality < best) continue;
    is_met = (one.quality == best && is_met) || fits(one.language);
    best = one.quality;
  }
  return is_met;
}

bool is_language_range(std::string_view text) {
  if (text == "*") return true;
  bool is_first = true;
  for (bool is_last = false; !is_last; is_first = false) {
    const size_t dash = text.find('-');
    const std::string_view subtag = text.substr(0, dash);
    is_last = dash == std::string_view::npos;
    const auto belongs = [&](char c) { return net::is_alphanumeric(c) && (!is_first || net::to_lower(c) >= 'a'); };
    if (subtag.empty() || subtag.size() > kSubtagBytesMax || !std::ranges::all_of(subtag, belongs)) return false;
    if (!is_last) text.remove_prefix(dash + 1);
  }
  return true;
}

bool is_in_range(std::string_view language, std::string_view range) {
  if (range == "*" || net::equals_ignoring_case(language, range)) return true;
  return language.size() > range.size() && language[range.size()] == '-' &&
         net::equals_ignoring_case(language.substr(0, range.size()), range);
}

}  // namespace doorbuster::links
