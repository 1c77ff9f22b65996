// An operator's session: what a browser has instead of the operator's key once somebody has logged in with it.
//
// The cookie names the key and says until when, signed. A session is over when its time is up, when its key is revoked
// (whoever reads a session asks the key store) or when somebody logs out, which is all that is stored (EndedSessions).
// Calls that change something have to carry the session's token, too, in a header that no other site can make a browser
// send. docs/formats/tokens.md has the bytes and test vectors.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "auth/ended_sessions.h"
#include "auth/guest_cookie.h"
#include "base/result.h"
#include "base/time.h"

namespace doorbuster::auth {

inline constexpr Duration kSessionLife = Duration::seconds(8 * 3'600);

struct OperatorSession {
  using Nonce = EndedSessions::Nonce;
  std::string key_id;  // of the operator's key
  Timestamp expires_at;
  Nonce nonce{};
};

enum class SessionRefusal : uint8_t {
  kNone,  // there is no such cookie, or it is not one of ours
  kOver,  // its time is up, or somebody logged out
};

class OperatorSessions {
 public:
  // Without a store of those that have ended a restart forgets them.
  OperatorSessions(Bytes master_key, CookieTransport transport,
                   std::unique_ptr<EndedSessions> ended = std::make_unique<EndedSessions>());

  [[nodiscard]] static OperatorSession begin(std::string_view key_id, Timestamp now);
  // From now on the session's cookie is refused. An error: until the next restart only. Any thread.
  [[nodiscard]] Result<void> end(const OperatorSession& session);

  // The session in a request's Cookie header. Any thread.
  [[nodiscard]] tl::expected<OperatorSession, SessionRefusal> read(std::string_view cookie_header, Timestamp now) const;

  // Whether there is a cookie of the name, good or not.
  [[nodiscard]] bool has_cookie(std::string_view cookie_header) const;

  // Values of Set-Cookie headers: HttpOnly, SameSite=Strict. The second takes the cookie away.
  [[nodiscard]] std::string set_cookie(const OperatorSession& session) const;
  [[nodiscard]] std::string clear_cookie() const;

  // What calls that change something carry: 22 characters.
  [[nodiscard]] std::string token(const OperatorSession& session) const;
  [[nodiscard]] bool token_fits(const OperatorSession& session, std::string_view token) const;

  [[nodiscard]] std::string_view name() const {
    return transport_ == CookieTransport::kHttps ? "__Host-doorbuster-operator" : "doorbuster-operator";
  }
  [[nodiscard]] std::string value(const OperatorSession& session) const;

 private:
  [[nodiscard]] std::optional<OperatorSession> verify(std::string_view value) const;
  [[nodiscard]] std::string cookie(std::string_view value, Duration life) const;

  HmacSha256 signing_;
  HmacSha256 tokens_;
  CookieTransport transport_;
  std::unique_ptr<EndedSessions> ended_;
};

}  // namespace doorbuster::auth
