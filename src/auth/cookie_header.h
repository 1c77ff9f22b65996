// The Cookie header of a request (RFC 6265 section 4.2.1), walked without copying.
#pragma once

#include <algorithm>
#include <string_view>

namespace doorbuster::auth {

// Calls take(value) for each cookie of that name until it returns true: a jar may hold several of a name, set for other
// paths by other programs. Whether one was taken.
template <class Take>
bool take_cookie(std::string_view header, std::string_view name, Take&& take) {
  while (!header.empty()) {
    const size_t end = std::min(header.find(';'), header.size());
    std::string_view pair = header.substr(0, end);
    header.remove_prefix(std::min(end + 1, header.size()));
    pair.remove_prefix(std::min(pair.find_first_not_of(' '), pair.size()));
    pair = pair.substr(0, pair.find_last_not_of(' ') + 1);
    if (!pair.starts_with(name) || pair.size() == name.size() || pair[name.size()] != '=') continue;
    if (take(pair.substr(name.size() + 1))) return true;
  }
  return false;
}

}  // namespace doorbuster::auth
