// Which of the fields that handlers ask for often (Known) a name is.
#pragma once

#include <cstring>
#include <string_view>

#include "base/assert.h"
#include "net/head.h"

namespace doorbuster::net {

// Whether `name`, a token (RFC 9110 section 5.6.2), is this lower-case name; case does not matter. Compares words with
// 0x20 set: among the characters of a token that leaves only letters of either case and '-' equal to themselves.
template <size_t N>
[[nodiscard]] inline bool is_named(std::string_view name, const char (&lower)[N]) {
  constexpr size_t kSize = N - 1;
  static_assert(kSize >= 4);
  if (name.size() != kSize) return false;
  const auto same = [&](auto word, size_t at) {
    auto wanted = word;
    std::memcpy(&word, name.data() + at, sizeof word);
    std::memcpy(&wanted, lower + at, sizeof wanted);
    return (word | static_cast<decltype(word)>(0x2020202020202020)) == wanted;
  };
  if constexpr (kSize < 8) {
    return same(uint32_t{}, 0) && same(uint32_t{}, kSize - 4);
  } else if constexpr (kSize <= 16) {
    return same(uint64_t{}, 0) && same(uint64_t{}, kSize - 8);
  } else {
    static_assert(kSize <= 24);
    return same(uint64_t{}, 0) && same(uint64_t{}, 8) && same(uint64_t{}, kSize - 8);
  }
}

// `name` is a token. Known::kCount if it is none of them.
[[nodiscard]] inline Known known_of(std::string_view name) {
  switch (name.size()) {
    case 4:
      return is_named(name, "host") ? Known::kHost : Known::kCount;
    case 6:
      if (is_named(name, "cookie")) return Known::kCookie;
      if (is_named(name, "accept")) return Known::kAccept;
      if (is_named(name, "origin")) return Known::kOrigin;
      return is_named(name, "expect") ? Known::kExpect : Known::kCount;
    case 7:
      return is_named(name, "referer") ? Known::kReferer : Known::kCount;
    case 10:
      return is_named(name, "user-agent") ? Known::kUserAgent : Known::kCount;
    case 11:
      return is_named(name, "traceparent") ? Known::kTraceparent : Known::kCount;
    case 12:
      return is_named(name, "content-type") ? Known::kContentType : Known::kCount;
    case 13:
      if (is_named(name, "authorization")) return Known::kAuthorization;
      return is_named(name, "if-none-match") ? Known::kIfNoneMatch : Known::kCount;
    case 14:
      return is_named(name, "content-length") ? Known::kContentLength : Known::kCount;
    case 15:
      return is_named(name, "idempotency-key") ? Known::kIdempotencyKey : Known::kCount;
    case 17:
      return is_named(name, "transfer-encoding") ? Known::kTransferEncoding : Known::kCount;
    default:
      return Known::kCount;
  }
}

// Fields where a second one would leave the meaning to whoever reads it.
[[nodiscard]] constexpr bool must_be_single(Known known) {
  switch (known) {
    case Known::kHost:
    case Known::kAuthorization:
    case Known::kIdempotencyKey:
    case Known::kContentType:
    case Known::kContentLength:
    case Known::kTransferEncoding:
    case Known::kExpect:
      return true;
    default:
      return false;
  }
}

}  // namespace doorbuster::net
