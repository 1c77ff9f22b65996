// A visitor's query on its way to the destination of a short link.
#pragma once

#include <string>
#include <string_view>

namespace doorbuster::links {

// A longer query is not forwarded at all: half of one could mean something else.
inline constexpr size_t kForwardedBytesMax = 2'048;

// The destination with the visitor's parameters behind its own, in place of those of its own that have the same names;
// names are compared decoded, and nothing is decoded otherwise. Parameters called `kept` are the destination's alone
// (empty: none are). Scheme, host, path and fragment stay, whatever the visitor sends; bytes that do not belong in a
// query are escaped. Should it grow longer than an address may be, it is left as it is.
[[nodiscard]] std::string with_query(std::string_view destination, std::string_view query, std::string_view kept = {});

}  // namespace doorbuster::links
