// ASCII text in small letters, for what means the same in any size: hosts, schemes, words that are looked for.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

#include "net/text.h"

namespace doorbuster::net {

[[nodiscard]] inline std::string in_small_letters(std::string_view text) {
  std::string small(text);
  std::ranges::transform(small, small.begin(), to_lower);
  return small;
}

}  // namespace doorbuster::net
