#include "auth/guest_cookie.h"

#include <algorithm>
#include <cstring>

#include "auth/cookie_header.h"
#include "base/bug_zoo.h"
#include "base/encoding.h"

namespace doorbuster::auth {
namespace {

constexpr int kMaxAgeSeconds = 400 * 24 * 3'600;  // RFC 6265bis section 5.5 caps it there

}  // namespace

GuestCookies::GuestCookies(Bytes master_key, CookieTransport transport)
    : key_(derive_key(master_key, "doorbuster guest cookie v1")), transport_(transport) {}

GuestId GuestCookies::fresh_id() {
  GuestId id;
  fill_random(id);
  return id;
}

GuestCookies::Tag GuestCookies::sign(const GuestId& id) const {
  const Digest digest = key_.sign(id);
  Tag tag;
  std::copy_n(digest.begin(), tag.size(), tag.begin());
  return tag;
}

std::string GuestCookies::value(const GuestId& id) const {
  std::array<std::byte, 32> bytes;
  const Tag tag = sign(id);
  std::copy(tag.begin(), tag.end(), std::copy(id.begin(), id.end(), bytes.begin()));
  return to_base64url(bytes);
}

std::string GuestCookies::set_cookie(const GuestId& id) const {
  const std::string_view secure = transport_ == CookieTransport::kHttps ? "; Secure" : "";
  return std::string(name()) + "=" + value(id) + "; Path=/; Max-Age=" + std::to_string(kMaxAgeSeconds) +
         "; HttpOnly; SameSite=Lax" + std::string(secure);
}

std::optional<GuestId> GuestCookies::verify(std::string_view value) const {
  std::array<std::byte, 32> bytes;
  if (from_base64url(value, bytes) != bytes.size()) return std::nullopt;
  GuestId id;
  std::copy_n(bytes.begin(), id.size(), id.begin());
  const bool is_genuine = equal_in_constant_time(sign(id), Bytes(bytes).subspan(id.size()));
  if (!is_genuine && !bug_planted(Bug::kGuestUnsigned)) return std::nullopt;
  return id;
}

std::optional<GuestId> GuestCookies::read(std::string_view cookie_header) const {
  std::optional<GuestId> id;
  take_cookie(cookie_header, name(), [&](std::string_view value) { return (id = verify(value)).has_value(); });
  return id;
}

}  // namespace doorbuster::auth
