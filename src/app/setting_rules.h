// Which texts a setting takes. Errors are half a sentence after its name: "must be ...".
#pragma once

#include <string_view>

#include "base/result.h"

namespace doorbuster::app {

[[nodiscard]] Result<void> any_text(std::string_view text);
[[nodiscard]] Result<void> not_empty(std::string_view text);
[[nodiscard]] Result<void> address(std::string_view text);  // net::parse_endpoint
[[nodiscard]] Result<void> address_or_empty(std::string_view text);
[[nodiscard]] Result<void> web_address(std::string_view text);  // http or https, with a host, no user, no fragment
[[nodiscard]] Result<void> web_address_or_empty(std::string_view text);
[[nodiscard]] Result<void> secret_or_empty(std::string_view text);  // at least 32 bytes: a key of HMAC-SHA-256
[[nodiscard]] Result<void> webhook_secret(
    std::string_view text);                                // Standard Webhooks: whsec_ and 24 to 64 bytes of base64
[[nodiscard]] Result<void> key_id(std::string_view text);  // auth::is_key_id
[[nodiscard]] Result<void> return_entry(std::string_view text);  // platform::RedirectAllowList
[[nodiscard]] Result<void> event_type(std::string_view text);    // "order.paid"
[[nodiscard]] Result<void> webhook_id(std::string_view text);    // platform::is_endpoint_id, or empty

}  // namespace doorbuster::app
