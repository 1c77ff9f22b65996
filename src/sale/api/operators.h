// Who is an operator: by their key in each request, or by the session of a browser that has logged in with one.
//
// A session's calls that change something have to come from a page of ours (Origin) and carry the session's token in
// X-CSRF-Token. One door a reactor.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "auth/keys.h"
#include "auth/operator_session.h"
#include "sale/api/shared.h"

namespace doorbuster::sale {

struct Call;

// Whether a listener takes operators' calls: where operators have an address of their own, the public one does not.
enum class Operators : bool { kRefused, kServed };

class OperatorDoor {
 public:
  OperatorDoor(Shared& shared, auth::KeyView& keys, Operators served) : shared_(shared), keys_(keys), served_(served) {}

  // --- Those answer by themselves when they say no. ---

  [[nodiscard]] bool is_open_to(const Call& call) const;
  // Whether a browser sent the call from a page of this server, as far as it says.
  [[nodiscard]] bool is_from_here(const Call& call) const;
  // The id of the operator's key.
  [[nodiscard]] std::optional<std::string> operator_of(const Call& call);
  // The id of a key in plain.
  [[nodiscard]] std::optional<std::string> prove(const Call& call, std::string_view key);

  // --- Those only look. ---

  // Whether the call claims to be an operator's. A browser may have a session and be a customer all the same: what is
  // open to both is an operator's call only with the session's token.
  [[nodiscard]] bool is_claimed(const Call& call) const;
  // Whether it is, and may be.
  [[nodiscard]] bool is_operator(const Call& call);
  // Of a key that is still good.
  [[nodiscard]] std::optional<auth::OperatorSession> session_of(const Call& call);
  // Null if there is no such key; valid until the next call.
  [[nodiscard]] const auth::OperatorKey* key_named(std::string_view id);

 private:
  [[nodiscard]] std::optional<std::string> by_session(const Call& call);

  Shared& shared_;
  auth::KeyView& keys_;
  const Operators served_;
};

// The token of "Bearer <token>" (RFC 6750 section 2.1; the scheme's case does not matter); empty if there is none.
[[nodiscard]] std::string_view bearer_of(const net::Request& request);
void respond_unauthorized(const Call& call, std::string_view slug, std::string_view detail);

}  // namespace doorbuster::sale
