#include "recs/views/own_kinds.h"

#include <charconv>

#include "recs/machine/recs_event.h"

namespace doorbuster::recs {
namespace {

constexpr size_t kWordMax = 32;

struct OwnKind {
  std::string_view name;
  uint64_t weight = 0;
};

std::optional<OwnKind> own_kind_in(std::string_view text) {
  const size_t sign = text.find('=');
  if (sign == 0 || sign == std::string_view::npos || sign > kWordMax) return std::nullopt;
  OwnKind kind{.name = text.substr(0, sign)};
  const std::string_view number = text.substr(sign + 1);
  const auto read = std::from_chars(number.data(), number.data() + number.size(), kind.weight);
  const bool is_number = read.ec == std::errc() && read.ptr == number.data() + number.size();
  const bool is_word = std::ranges::all_of(
      kind.name, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-'; });
  const bool is_taken = std::ranges::find(kEventKindNames, kind.name) != kEventKindNames.end();
  if (!is_number || !is_word || is_taken || kind.weight > OwnKinds::kWeightMax) return std::nullopt;
  return kind;
}

}  // namespace

OwnKinds OwnKinds::parse(const std::vector<std::string>& texts) {
  Weights weights;
  for (const std::string& text : texts) {
    if (const auto kind = own_kind_in(text)) weights.insert_or_assign(std::string(kind->name), kind->weight);
  }
  return OwnKinds(std::move(weights));
}

Result<void> OwnKinds::check(std::string_view text) {
  if (own_kind_in(text)) return {};
  return fail(ErrorCode::kInvalid, "it is a kind of event of your own, '=' and a weight of 0 to 100, as wishlist=2");
}

}  // namespace doorbuster::recs
