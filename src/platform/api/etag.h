// Entity tags (RFC 9110 section 8.8.3), made from the content: the same bytes have the same tag on every reactor and
// after a restart, and other bytes have another one.
#pragma once

#include <string>
#include <string_view>

namespace doorbuster::platform {

// With its quotes.
[[nodiscard]] std::string etag_of(std::string_view content);

// Whether an If-None-Match field names the tag: "*", or a list that holds it, weak or not (RFC 9110 section 13.1.2).
[[nodiscard]] bool names_etag(std::string_view if_none_match, std::string_view etag);

}  // namespace doorbuster::platform
