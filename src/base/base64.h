// base64 with the standard alphabet and padding (RFC 4648 section 4): what webhook signatures and secrets are written
// in.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace doorbuster {

[[nodiscard]] std::string to_base64(Bytes bytes);

// Decodes into `out` and returns the bytes written, or nothing if the text is not canonical padded base64 or does not
// fit.
[[nodiscard]] std::optional<size_t> from_base64(std::string_view text, std::span<std::byte> out);

}  // namespace doorbuster
