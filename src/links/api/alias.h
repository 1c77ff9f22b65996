// Which codes people may choose for their links.
#pragma once

#include <string_view>

#include "base/result.h"

namespace doorbuster::links {

inline constexpr size_t kAliasBytesMin = 3;
inline constexpr size_t kAliasBytesMax = 64;

// kInvalid: half a sentence, "must ...". Letters of either size are different ones, as everywhere behind the host.
[[nodiscard]] Result<void> check_alias(std::string_view alias);

// Of codes that links had elsewhere: people have them on paper, so short ones are taken as well. kInvalid likewise.
[[nodiscard]] Result<void> check_imported_code(std::string_view code);

// Whether the server itself answers there, or will.
[[nodiscard]] bool is_reserved(std::string_view path_segment);

// Whether a link may have this code: all others need not be looked for.
[[nodiscard]] bool has_form_of_code(std::string_view code);

}  // namespace doorbuster::links
