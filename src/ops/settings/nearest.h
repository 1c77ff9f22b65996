// Which of the known names somebody probably meant.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace doorbuster::ops {

// The known name with the fewest single-character changes to `name`, or, before that, the one that ends in ".name";
// empty if none is near.
[[nodiscard]] std::string nearest(std::string_view name, std::span<const std::string> known);

}  // namespace doorbuster::ops
