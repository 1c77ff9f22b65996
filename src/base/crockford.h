// Crockford's base32 in small letters: digits and letters without i, l, o and u, so that nobody mistakes one for
// another. Ids of keys, users and what is sealed are written in it.
#pragma once

#include <string_view>

namespace doorbuster {

inline constexpr std::string_view kCrockford = "0123456789abcdefghjkmnpqrstvwxyz";
static_assert(kCrockford.size() == 32);

}  // namespace doorbuster
