#include "recs/machine/event_names.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace doorbuster::recs {
namespace {

std::string small_letters(std::string_view text) {
  std::string small(text);
  for (char& c : small) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return small;
}

std::optional<EventKind> own_kind(std::string_view name) {
  const auto found = std::ranges::find(kEventKindNames, name);
  if (found == kEventKindNames.end()) return std::nullopt;
  return static_cast<EventKind>(found - kEventKindNames.begin());
}

std::optional<std::pair<std::string, EventKind>> pair_in(std::string_view text) {
  const size_t sign = text.find('=');
  if (sign == std::string_view::npos || sign == 0 || sign > kNameBytesMax) return std::nullopt;
  const auto kind = own_kind(text.substr(sign + 1));
  if (!kind) return std::nullopt;
  return std::pair(small_letters(text.substr(0, sign)), *kind);
}

}  // namespace

EventNames::EventNames(std::span<const std::string> pairs) {
  for (const std::string& text : pairs) {
    if (auto pair = pair_in(text)) kinds_.insert(*std::move(pair));
  }
}

EventKind EventNames::kind_of(std::string_view name) const {
  const std::string small = small_letters(name);
  if (const auto found = kinds_.find(small); found != kinds_.end()) return found->second;
  return own_kind(small).value_or(EventKind::kOther);
}

std::string EventNames::word_of(std::string_view name) {
  constexpr size_t kWordMax = 32;
  std::string word = small_letters(name.substr(0, kWordMax));
  for (char& c : word) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    if (!is_plain) c = '-';
  }
  return word;
}

Result<void> EventNames::check(std::string_view pair) {
  if (pair_in(pair)) return {};
  return fail(
      ErrorCode::kInvalid,
      "must be pairs such as \"read=view\", of a name and view, cart, purchase, cancel, impression, click or other");
}

}  // namespace doorbuster::recs
