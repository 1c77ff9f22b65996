// Who is an operator: by their key in each request, or by the session of a browser that has logged in with one.
//
// A session's calls that change something have to come from a page of ours (Origin) and carry the session's token in
// X-CSRF-Token. One authenticator a reactor.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "auth/keys.h"
#include "auth/operator_session.h"
#include "platform/api/call.h"
#include "platform/operators/audit_trail.h"

namespace doorbuster::platform {

// What of operators is kept in the data folder beside their keys; without a folder, in memory.
struct OperatorFiles {
  // kInvalid names a file that can't be used, and what to do; kIo.
  [[nodiscard]] static Result<OperatorFiles> open(const std::filesystem::path& folder);

  std::unique_ptr<auth::EndedSessions> ended = std::make_unique<auth::EndedSessions>();
  std::unique_ptr<AuditTrail> trail = std::make_unique<AuditTrail>();
};

// What all authenticators of a server share: any thread.
struct OperatorAccess {
  OperatorAccess(auth::KeyStore& key_store, auth::CookieTransport cookies, OperatorFiles files,
                 std::string pages_origin = {})
      : keys(key_store),
        sessions(key_store.master_key(), cookies, std::move(files.ended)),
        trail(std::move(files.trail)),
        origin(std::move(pages_origin)) {}

  auth::KeyStore& keys;
  auth::OperatorSessions sessions;
  const std::unique_ptr<AuditTrail> trail;
  std::string origin;  // of the pages, where browsers come by another name than the Host that reaches us
};

class OperatorAuthenticator {
 public:
  OperatorAuthenticator(OperatorAccess& access, Operators served)
      : access_(access), keys_(access.keys), served_(served) {}

  // --- Those answer by themselves when they say no. ---

  [[nodiscard]] bool is_served_here(const Call& call) const;
  // Whether a browser sent the call from a page of this server, as far as it says.
  [[nodiscard]] bool is_same_origin(const Call& call) const;
  // The id of the operator's key, by the key or a session.
  [[nodiscard]] std::optional<std::string> operator_of(const Call& call);
  // The id of a key in plain.
  [[nodiscard]] std::optional<std::string> authenticate(const Call& call, std::string_view key);
  // The same where the answer has a format of its own: nothing is answered.
  enum class Refusal : uint8_t { kElsewhere, kUnknown, kTooOften };
  [[nodiscard]] tl::expected<std::string, Refusal> check(const Call& call, std::string_view key);

  // --- The audit trail. ---

  struct Deed {
    std::string_view actor;  // the id of an operator's key
    std::string_view action;
    std::string detail;
  };
  // Writes down what this call does. kIo: it must not be done.
  [[nodiscard]] Result<void> note(const Call& call, Deed deed);

  // --- Those only look. ---

  // Whether the call claims to be an operator's. A browser may have a session and be a customer all the same: what is
  // open to both is an operator's call only with the session's token.
  [[nodiscard]] bool presents_credentials(const Call& call) const;
  // Whether it is, and may be.
  [[nodiscard]] bool is_operator(const Call& call);
  // Of a key that is still good.
  [[nodiscard]] std::optional<auth::OperatorSession> session_of(const Call& call);
  // Whether operators' calls are served at the address where the call came in.
  [[nodiscard]] bool serves_operators() const { return served_ == Operators::kServed; }
  // Null if there is no such key; valid until the next call.
  [[nodiscard]] const auth::OperatorKey* key_named(std::string_view id);

 private:
  [[nodiscard]] std::optional<std::string> by_session(const Call& call);
  [[nodiscard]] tl::expected<std::string_view, auth::KeyRefusal> verify(const Call& call, std::string_view key);

  OperatorAccess& access_;
  auth::KeyView keys_;
  const Operators served_;
};

}  // namespace doorbuster::platform
