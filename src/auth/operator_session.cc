#include "auth/operator_session.h"

#include <cstring>
#include <utility>

#include "auth/cookie_header.h"
#include "base/assert.h"
#include "base/encoding.h"

namespace doorbuster::auth {
namespace {

constexpr size_t kKeyIdBytes = 12;
constexpr size_t kTagBytes = 16;

// Key id, expiry in seconds since 1970 (little-endian), nonce; then the tag over them.
struct Layout {
  static constexpr size_t kExpiry = kKeyIdBytes;
  static constexpr size_t kNonce = kExpiry + sizeof(uint64_t);
  static constexpr size_t kTag = kNonce + sizeof(OperatorSession::Nonce);
  static constexpr size_t kBytes = kTag + kTagBytes;
};
using Sealed = std::array<std::byte, Layout::kBytes>;

Bytes signed_part(const Sealed& sealed) { return Bytes(sealed).first(Layout::kTag); }

}  // namespace

OperatorSessions::OperatorSessions(Bytes master_key, CookieTransport transport, std::unique_ptr<EndedSessions> ended)
    : signing_(derive_key(master_key, "doorbuster operator session v1")),
      tokens_(derive_key(master_key, "doorbuster operator token v1")),
      transport_(transport),
      ended_(std::move(ended)) {}

OperatorSession OperatorSessions::begin(std::string_view key_id, Timestamp now) {
  OperatorSession session{.key_id = std::string(key_id), .expires_at = {}, .nonce = {}};
  session.expires_at = Timestamp() + Duration::seconds((now + kSessionLife).micros() / 1'000'000);
  fill_random(session.nonce);
  return session;
}

std::string OperatorSessions::value(const OperatorSession& session) const {
  ASSERT(session.key_id.size() == kKeyIdBytes);
  Sealed sealed;
  const auto seconds = static_cast<uint64_t>(session.expires_at.micros() / 1'000'000);
  std::memcpy(sealed.data(), session.key_id.data(), kKeyIdBytes);
  std::memcpy(sealed.data() + Layout::kExpiry, &seconds, sizeof seconds);
  std::memcpy(sealed.data() + Layout::kNonce, session.nonce.data(), session.nonce.size());
  const Digest tag = signing_.sign(signed_part(sealed));
  std::memcpy(sealed.data() + Layout::kTag, tag.data(), kTagBytes);
  return to_base64url(sealed);
}

std::optional<OperatorSession> OperatorSessions::verify(std::string_view value) const {
  Sealed sealed;
  if (from_base64url(value, sealed) != sealed.size()) return std::nullopt;
  const Digest tag = signing_.sign(signed_part(sealed));
  if (!equal_in_constant_time(Bytes(tag).first(kTagBytes), Bytes(sealed).subspan(Layout::kTag))) return std::nullopt;
  uint64_t seconds = 0;
  std::memcpy(&seconds, sealed.data() + Layout::kExpiry, sizeof seconds);
  OperatorSession session{.key_id = std::string(as_text(Bytes(sealed).first(kKeyIdBytes))),
                          .expires_at = Timestamp() + Duration::seconds(static_cast<int64_t>(seconds)),
                          .nonce = {}};
  std::memcpy(session.nonce.data(), sealed.data() + Layout::kNonce, session.nonce.size());
  return session;
}

tl::expected<OperatorSession, SessionRefusal> OperatorSessions::read(std::string_view cookie_header,
                                                                     Timestamp now) const {
  std::optional<OperatorSession> found;
  take_cookie(cookie_header, name(), [&](std::string_view each) { return (found = verify(each)).has_value(); });
  if (!found) return tl::unexpected(SessionRefusal::kNone);
  if (found->expires_at <= now || ended_->contains(found->nonce, found->expires_at))
    return tl::unexpected(SessionRefusal::kOver);
  return *std::move(found);
}

bool OperatorSessions::has_cookie(std::string_view cookie_header) const {
  return take_cookie(cookie_header, name(), [](std::string_view value) { return !value.empty(); });
}

Result<void> OperatorSessions::end(const OperatorSession& session) {
  return ended_->add(session.nonce, session.expires_at);
}

std::string OperatorSessions::cookie(std::string_view value, Duration life) const {
  const std::string_view secure = transport_ == CookieTransport::kHttps ? "; Secure" : "";
  return std::string(name()) + "=" + std::string(value) + "; Path=/; Max-Age=" + std::to_string(life.whole_seconds()) +
         "; HttpOnly; SameSite=Strict" + std::string(secure);
}

std::string OperatorSessions::set_cookie(const OperatorSession& session) const {
  return cookie(value(session), kSessionLife);
}

std::string OperatorSessions::clear_cookie() const { return cookie("", Duration()); }

std::string OperatorSessions::token(const OperatorSession& session) const {
  return to_base64url(Bytes(tokens_.sign(session.nonce)).first(kTagBytes));
}

bool OperatorSessions::token_fits(const OperatorSession& session, std::string_view given) const {
  return equal_in_constant_time(as_bytes(token(session)), as_bytes(given));
}

}  // namespace doorbuster::auth
