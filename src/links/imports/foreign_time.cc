#include <algorithm>

#include "links/imports/foreign_link.h"
#include "net/small_letters.h"

namespace doorbuster::links {
namespace {

constexpr size_t kDayLength = 10;  // "2026-11-27"
constexpr size_t kDecimalsKept = 6;

// Decimals beyond microseconds say nothing that is kept.
std::string with_six_decimals(std::string_view clock) {
  const size_t point = clock.find('.');
  if (point == std::string_view::npos || clock.size() - point - 1 <= kDecimalsKept) return std::string(clock);
  const bool are_digits = std::ranges::all_of(clock.substr(point + 1), [](char c) { return c >= '0' && c <= '9'; });
  return std::string(are_digits ? clock.substr(0, point + 1 + kDecimalsKept) : clock);
}

// "+0100", "+01" and "+01:00" as "+01:00"; others as they are.
std::string with_colon(std::string_view offset) {
  std::string text(offset);
  if (text.size() == 3) text += "00";
  if (text.size() == 5 && text.find(':') == std::string::npos) text.insert(3, ":");
  return text;
}

}  // namespace

Result<Timestamp> read_foreign_time(std::string_view text, const TimeZone& zone) {
  const auto trouble = [&] {
    return fail(ErrorCode::kInvalid,
                "'" + std::string(text.substr(0, 64)) + "' is no time such as 2026-11-27T10:00:00Z");
  };
  if (text.size() < kDayLength) return trouble();
  const std::string_view day = text.substr(0, kDayLength);
  std::string_view clock = text.substr(kDayLength);
  if (clock.ends_with(" UTC") || clock.ends_with(" GMT")) clock.remove_suffix(4);
  const bool is_said = clock.size() < text.size() - kDayLength;
  const size_t offset_at = std::min(clock.find_first_of("Zz+-"), clock.size());
  const std::string_view offset = clock.substr(offset_at);
  clock = clock.substr(0, offset_at);
  std::string whole(day);
  whole += clock.empty() ? "T00:00:00" : with_six_decimals(clock);
  whole += offset.empty() ? "Z" : with_colon(offset);
  const auto at = parse_rfc3339(whole);
  if (!at) return trouble();
  if (!offset.empty() || is_said) return *at;
  // Of the clocks there: by the offset that they have then, which is asked for twice as it may change in between.
  return *at - zone.offset_at(*at - zone.offset_at(*at));
}

ShortUrlParts parts_of_short_url(std::string_view url) {
  if (const size_t scheme = url.find("://"); scheme != std::string_view::npos) url.remove_prefix(scheme + 3);
  const size_t slash = std::min(url.find('/'), url.size());
  return {.domain = net::in_small_letters(url.substr(0, slash)), .code = url.substr(std::min(slash + 1, url.size()))};
}

}  // namespace doorbuster::links
