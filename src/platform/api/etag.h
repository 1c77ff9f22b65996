// Entity tags (RFC 9110 section 8.8.3), made from the content: the same bytes have the same tag on every reactor and
// after a restart, and other bytes have another one.
#pragma once

#include <string>
#include <string_view>

namespace doorbuster::platform {

// With its quotes.
[[nodiscard]] std::string etag_of(std::string_view content);

// Takes the next tag off a list as If-Match and If-None-Match have it: with its quotes, and without what makes it weak,
// which a proxy does that compresses the answer: ours tell of the content, not of its coding. Empty at the end. Tags
// must not hold a comma; ours do not.
[[nodiscard]] std::string_view next_etag(std::string_view& list);

// Whether an If-None-Match field names the tag: "*", or a list that holds it, weak or not (RFC 9110 section 13.1.2).
[[nodiscard]] bool names_etag(std::string_view if_none_match, std::string_view etag);

}  // namespace doorbuster::platform
