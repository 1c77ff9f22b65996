#include "guard/page_use.h"

#include <algorithm>

#include "net/text.h"

namespace doorbuster::guard {
namespace {

constexpr size_t kTextBytesMax = 256;
constexpr size_t kDeviceBytesMax = 64;
constexpr uint64_t kCountMax = 100'000'000;

bool set(PageUse& use, std::string_view name, std::string_view value) {
  if (name == "device") {
    use.device = value;
    return !value.empty() && value.size() <= kDeviceBytesMax;
  }
  const auto number = net::parse_number(value);
  if (!number) return false;
  const auto count = static_cast<uint32_t>(std::min<uint64_t>(*number, kCountMax));
  if (name == "first") use.first_ms = count;
  if (name == "presses") use.presses = count;
  if (name == "moves") use.moves = count;
  if (name == "keys") use.keys = count;
  if (name == "touches") use.touches = count;
  if (name == "focus") use.focus = count;
  return true;
}

}  // namespace

std::optional<PageUse> read_page_use(std::string_view text) {
  if (text.empty() || text.size() > kTextBytesMax) return std::nullopt;
  PageUse use;
  for (bool is_last = false; !is_last;) {
    const size_t comma = text.find(',');
    is_last = comma == std::string_view::npos;
    const std::string_view part = text.substr(0, comma);
    const size_t equals = part.find('=');
    if (equals == std::string_view::npos || !set(use, part.substr(0, equals), part.substr(equals + 1)))
      return std::nullopt;
    if (!is_last) text.remove_prefix(comma + 1);
  }
  return use;
}

}  // namespace doorbuster::guard
