// Which strings a setting takes. Errors are half a sentence after its name: "must be ...".
#pragma once

#include <string_view>

#include "base/result.h"

namespace doorbuster::ops {

[[nodiscard]] Result<void> any_text(std::string_view text);
[[nodiscard]] Result<void> not_empty(std::string_view text);
[[nodiscard]] Result<void> web_address(std::string_view text);  // http or https, with a host, no user, no fragment
// A web address that paths are put behind: nothing but a path may follow the host, and a slash at its end is no matter.
[[nodiscard]] Result<void> base_address(std::string_view text);
// One without a path, for a site whose pages begin at its root.
[[nodiscard]] Result<void> site_address_or_empty(std::string_view text);
[[nodiscard]] Result<void> secret_or_empty(std::string_view text);  // at least 32 bytes: a key of HMAC-SHA-256
// Standard Webhooks: whsec_ and 24 to 64 bytes of base64.
[[nodiscard]] Result<void> webhook_secret(std::string_view text);
[[nodiscard]] Result<void> event_type(std::string_view text);  // "order.paid"

}  // namespace doorbuster::ops
