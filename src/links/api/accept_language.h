// Which languages a visitor likes best (RFC 9110 section 12.5.4).
#pragma once

#include <functional>
#include <string_view>

namespace doorbuster::links {

// Of a longer field the beginning is read.
inline constexpr size_t kAcceptLanguageBytesMax = 512;

// Whether `fits` one of the languages that Accept-Language names with the highest quality; "*" is one of them as it is.
[[nodiscard]] bool likes_best(std::string_view accept_language, const std::function<bool(std::string_view)>& fits);

// Whether a text is a language range: "de", "zh-Hant", or "*" (RFC 4647 section 2.1).
[[nodiscard]] bool is_language_range(std::string_view text);
// Whether a language is within a range, by basic filtering (RFC 4647 section 3.3.1): "de" has "de" and "de-CH".
[[nodiscard]] bool is_in_range(std::string_view language, std::string_view range);

}  // namespace doorbuster::links
