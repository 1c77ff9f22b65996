// Where a customer may be sent with an admission: addresses that the operator has listed, and nothing else.
//
// An address counts as listed when its scheme, host and port are exactly those of an entry and its path is the entry's
// or below it, at a '/'. What could mean something else to a browser than to us is refused whatever the list says:
// characters that RFC 3986 does not allow (backslashes, spaces, letters beyond ASCII), a user before the host, an
// escaped dot or slash in the path, and "." and ".." as segments.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace doorbuster::platform {

inline constexpr size_t kReturnAddressBytesMax = 2'048;

// The parts of an http(s) address that can be trusted to mean one thing.
struct PlainAddress {
  std::string origin;    // "https://shop.example:8443": lower case, without a scheme's own port
  std::string path;      // "/" at least
  std::string query;     // with its '?'; empty if there is none
  std::string fragment;  // with its '#'; empty if there is none

  [[nodiscard]] std::string text() const { return origin + path + query + fragment; }
};

// Nothing if the text is not such an address; then `why` (if given) says what is wrong, as half a sentence.
[[nodiscard]] std::optional<PlainAddress> parse_address(std::string_view text, std::string_view* why = nullptr);

class RedirectAllowList {
 public:
  // kInvalid names the entry: "must be ...".
  [[nodiscard]] static Result<RedirectAllowList> make(const std::vector<std::string>& entries);

  RedirectAllowList() = default;

  [[nodiscard]] bool empty() const { return entries_.empty(); }
  // The address as it may be gone to, if it is listed.
  [[nodiscard]] std::optional<PlainAddress> find(std::string_view text) const;

 private:
  std::vector<PlainAddress> entries_;
};

// In whose name an admission stands in the query of a site's address. A site has parameters of its own, and they are
// its own: no site uses this one.
inline constexpr std::string_view kAdmissionParameter = "doorbuster_admission";

// The first admission in a query with its '?'; it may be empty, and is not what the site calls so.
[[nodiscard]] std::optional<std::string_view> admission_in(std::string_view query);
// A query, with its '?', or an address without an admission in it: what was used is not shown again.
[[nodiscard]] std::string query_without_admission(std::string_view query);
[[nodiscard]] PlainAddress without_admission(PlainAddress address);
// The address with this admission, and only this, at the end of its query.
[[nodiscard]] std::string with_admission(const PlainAddress& address, std::string_view token);

// For a value in a query: all but unreserved characters (RFC 3986 section 2.3) escaped.
[[nodiscard]] std::string query_escaped(std::string_view text);

}  // namespace doorbuster::platform
