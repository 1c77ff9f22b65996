// Bytes as text: lower-case hexadecimal, and base64url without padding (RFC 4648 section 5).
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace doorbuster {

[[nodiscard]] std::string to_hex(Bytes bytes);
[[nodiscard]] std::string to_base64url(Bytes bytes);

// Decodes into `out` and returns the bytes written, or nothing if the text is not canonical base64url (a foreign
// character, padding, stray bits in the last character) or does not fit.
[[nodiscard]] std::optional<size_t> from_base64url(std::string_view text, std::span<std::byte> out);

// Decodes exactly out.size() bytes of hexadecimal (either case); false if the text is anything else.
[[nodiscard]] bool from_hex(std::string_view text, std::span<std::byte> out);

}  // namespace doorbuster
