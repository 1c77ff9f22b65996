// Where a short link may lead.
#pragma once

#include <string>
#include <string_view>

#include "base/json.h"
#include "base/result.h"

namespace doorbuster::links {

class LinkBase;

// An address that a browser and everybody on the way read as the same one: http or https, a host, no user before it,
// and nothing that browsers would have to mend (control characters, spaces, backslashes, broken escapes, odd ways to
// write an IPv4 address). What is given back has scheme and host in small letters and in ASCII, no port that is the
// scheme's own, a path, and UTF-8 in path, query and fragment escaped, as a browser would send it (WHATWG URL,
// section 4.4).
// kInvalid: half a sentence, "must ...".
[[nodiscard]] Result<std::string> parse_long_url(std::string_view text);

// Whether all of a text is well-formed UTF-8.
[[nodiscard]] bool is_utf8(std::string_view text);

// Whether an address leads back to a short link at this base ("https://go.example"): then a browser could run in
// circles.
[[nodiscard]] bool leads_to_code(std::string_view long_url, std::string_view base);

// A JSON string that is such an address and leads back to no short link of ours. What is wrong is refused there, and
// empty is returned.
[[nodiscard]] std::string read_long_url(const JsonValue& value, const LinkBase& base);

}  // namespace doorbuster::links
