// What of an address is looked up in lists of threats, as Google's Safe Browsing defines it (Update API v4, "URLs and
// Hashing"): the address in one canonical form, and of that the hosts and paths that a list may name in its place.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace doorbuster::links {

struct CanonicalUrl {
  std::string host;         // escaped, in small letters, without a port
  std::string path;         // with its '/', escaped
  std::string query;        // with its '?', escaped; empty: there is none
  bool is_address = false;  // the host is an IPv4 or IPv6 address
};

// Without a scheme it is taken for http. Nothing if there is no host.
[[nodiscard]] std::optional<CanonicalUrl> canonical_url(std::string_view url);

inline constexpr size_t kExpressionsMax = 30;

// At most five hosts (that of the address, and up to four that begin with its last five components or fewer) with at
// most six paths each (all of it, without the query, and from the root on up to four folders): "evil.example/a/", each
// once, the longest first.
[[nodiscard]] std::vector<std::string> url_expressions(const CanonicalUrl& url);

}  // namespace doorbuster::links
