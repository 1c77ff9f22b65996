// The parts of an address that name whom it is for. They only split: whether a part is well spelt is for others to say.
#pragma once

#include <algorithm>
#include <string_view>

namespace doorbuster::net {

// "shop.example:8443" of "https://shop.example:8443/a?b"; empty if there is none.
[[nodiscard]] constexpr std::string_view authority_of(std::string_view url) {
  constexpr std::string_view kBefore = "://";
  const size_t scheme = url.find(kBefore);
  if (scheme == std::string_view::npos) return {};
  url.remove_prefix(scheme + kBefore.size());
  return url.substr(0, url.find_first_of("/?#"));
}

// "shop.example" of "shop.example:8443", and "[2001:db8::1]" of "[2001:db8::1]:8443".
[[nodiscard]] constexpr std::string_view host_in(std::string_view authority) {
  if (authority.starts_with('[')) return authority.substr(0, std::min(authority.find(']'), authority.size() - 1) + 1);
  return authority.substr(0, authority.find(':'));
}

}  // namespace doorbuster::net
