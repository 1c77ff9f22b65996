#include "auth/guest_cookie.h"

#include <algorithm>
#include <cstring>

#include "base/encoding.h"

namespace doorbuster::auth {
namespace {

constexpr int kMaxAgeSeconds = 400 * 24 * 3'600;  // RFC 6265bis section 5.5 caps it there

std::string_view trim(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

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
  if (!equal_in_constant_time(sign(id), Bytes(bytes).subspan(id.size()))) return std::nullopt;
  return id;
}

// A jar may hold several of the name (set for other paths by other programs); the first that we signed counts.
std::optional<GuestId> GuestCookies::read(std::string_view cookie_header) const {
  while (!cookie_header.empty()) {
    const size_t end = std::min(cookie_header.find(';'), cookie_header.size());
    const std::string_view pair = trim(cookie_header.substr(0, end));
    cookie_header.remove_prefix(std::min(end + 1, cookie_header.size()));
    if (!pair.starts_with(name()) || pair.size() == name().size() || pair[name().size()] != '=') continue;
    if (const auto id = verify(pair.substr(name().size() + 1))) return id;
  }
  return std::nullopt;
}

}  // namespace doorbuster::auth
