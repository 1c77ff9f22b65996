// The cookie by which a guest (a customer without a shop's token) is known again, where a sale allows guests.
//
// Its value is a random id of 128 bits and an HMAC over it: base64url(id || HMAC-SHA-256(key, id) truncated to 128
// bits), 43 characters. Nothing is stored; a value that we did not make is refused. docs/formats/tokens.md has test
// vectors.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/crypto.h"

namespace doorbuster::auth {

using GuestId = std::array<std::byte, 16>;

// Whether browsers reach the server by https, be it through a proxy. With it the cookie is bound to the host and to
// https by its name ("__Host-", RFC 6265bis section 4.1.3.2).
enum class CookieTransport { kHttp, kHttps };

class GuestCookies {
 public:
  GuestCookies(Bytes master_key, CookieTransport transport);

  [[nodiscard]] static GuestId fresh_id();

  // The value of a Set-Cookie header: HttpOnly, SameSite=Lax, for 400 days (the longest that browsers keep one).
  [[nodiscard]] std::string set_cookie(const GuestId& id) const;

  // The guest in a request's Cookie header. Nothing if the header has no such cookie or its value is not one that we
  // signed.
  [[nodiscard]] std::optional<GuestId> read(std::string_view cookie_header) const;

  [[nodiscard]] std::string_view name() const {
    return transport_ == CookieTransport::kHttps ? "__Host-doorbuster-guest" : "doorbuster-guest";
  }
  [[nodiscard]] std::string value(const GuestId& id) const;
  [[nodiscard]] std::optional<GuestId> verify(std::string_view value) const;

 private:
  using Tag = std::array<std::byte, 16>;
  [[nodiscard]] Tag sign(const GuestId& id) const;

  HmacSha256 key_;
  CookieTransport transport_;
};

}  // namespace doorbuster::auth
